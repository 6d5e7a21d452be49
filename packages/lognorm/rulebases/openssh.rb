version=2
# OpenSSH server messages with a traditional syslog header.
# Tags: login.success, login.failure, session, scan.
prefix=%date:date-rfc3164% %host:word% sshd[%pid:number%]: 
rule=login.failure:Failed %method:word% for invalid user %user:char-sep: % from %src_ip:word% port %src_port:number% %protocol:word%
rule=login.failure:Failed %method:word% for %user:word% from %src_ip:word% port %src_port:number% %protocol:word%
rule=login.success:Accepted %method:word% for %user:word% from %src_ip:word% port %src_port:number% %protocol:word%
rule=login.failure:message repeated %repeats:number% times: [ Failed %method:word% for %user:word% from %src_ip:word% port %src_port:number% %protocol:char-to:]%]
rule=login.failure:Invalid user %user:char-sep: % from %src_ip:word%
rule=login.failure:Invalid user %user:char-sep: % from %src_ip:word% port %src_port:number%
rule=login.failure:input_userauth_request: invalid user %user:char-sep: % [preauth]
rule=login.failure:pam_unix(sshd:auth): authentication failure; logname=%logname:char-sep: % uid=%uid:number% euid=%euid:number% tty=%tty:char-sep: % ruser=%ruser:char-sep: % rhost=%rhost:char-sep: %  user=%user:word%
rule=login.failure:pam_unix(sshd:auth): authentication failure; logname=%logname:char-sep: % uid=%uid:number% euid=%euid:number% tty=%tty:char-sep: % ruser=%ruser:char-sep: % rhost=%rhost:char-sep: % 
rule=login.failure:pam_unix(sshd:auth): check pass; user unknown
rule=login.failure:PAM %failures:number% more authentication %-:word% logname=%logname:char-sep: % uid=%uid:number% euid=%euid:number% tty=%tty:char-sep: % ruser=%ruser:char-sep: % rhost=%rhost:char-sep: %  user=%user:word%
rule=login.failure:PAM %failures:number% more authentication %-:word% logname=%logname:char-sep: % uid=%uid:number% euid=%euid:number% tty=%tty:char-sep: % ruser=%ruser:char-sep: % rhost=%rhost:char-sep: % 
rule=login.failure:PAM service(sshd) ignoring max retries; %failures:number% > %limit:number%
rule=login.failure:Disconnecting: Too many authentication failures for %user:word% [preauth]
rule=session:pam_unix(sshd:session): session %action:word% for user %user:word%
rule=session:pam_unix(sshd:session): session %action:word% for user %user:word% by (uid=%uid:number%)
rule=session:Received disconnect from %src_ip:char-to:\x3a%: %code:number%: %reason:rest%
rule=session:error: Received disconnect from %src_ip:char-to:\x3a%: %code:number%: %reason:rest%
rule=session:Connection closed by %src_ip:word% [preauth]
rule=session:Connection closed by %src_ip:word%
rule=scan:Did not receive identification string from %src_ip:word%
rule=scan:reverse mapping checking getaddrinfo for %name:word% [%src_ip:char-to:]%] failed - POSSIBLE BREAK-IN ATTEMPT!
rule=:%message:rest%
annotate=login.success:+outcome="success"
annotate=login.failure:+outcome="failure"
