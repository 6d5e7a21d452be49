version=2
# 37 rules for what sshd logs, as a tenant would write them for the msg of syslog events.
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
rule=login.success:Postponed %method:word% for %user:word% from %src_ip:word% port %src_port:number% %protocol:word%
rule=login.success:Postponed %method:word% for invalid user %user:word% from %src_ip:word% port %src_port:number% %protocol:word%
rule=login.success:Accepted %method:word% for %user:word% from %src_ip:word% port %src_port:number% %protocol:char-to:\x3a%: %key_type:word% %key:word%
rule=login.failure:Failed %method:word% for %user:word% from %src_ip:word% port %src_port:number% %protocol:char-to:\x3a%: %key_type:word% %key:word%
rule=session:Disconnected from user %user:word% %src_ip:word% port %src_port:number%
rule=session:Disconnected from invalid user %user:word% %src_ip:word% port %src_port:number% [preauth]
rule=session:Connection from %src_ip:word% port %src_port:number% on %dst_ip:word% port %dst_port:number%
rule=session:Connection closed by authenticating user %user:word% %src_ip:word% port %src_port:number% [preauth]
rule=session:Connection reset by %src_ip:word% port %src_port:number% [preauth]
rule=session:Starting session: %kind:word% on %tty:word% for %user:word% from %src_ip:word% port %src_port:number%
rule=session:Server listening on %dst_ip:word% port %dst_port:number%.
rule=scan:Bad protocol version identification '%banner:char-to:\x27%' from %src_ip:word% port %src_port:number%
rule=scan:Unable to negotiate with %src_ip:word% port %src_port:number%: no matching %what:char-to:.%. Their offer: %offer:word% [preauth]
rule=scan:fatal: Read from socket failed: %reason:rest%
rule=scan:Received signal %signal:number%; terminating.
annotate=login.success:+outcome="success"
annotate=login.failure:+outcome="failure"
