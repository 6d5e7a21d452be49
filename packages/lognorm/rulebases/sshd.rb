version=2
# The OpenSSH server (sshd), also of versions that call themselves sshd-session, with what PAM logs for it.
# The user and the address of a client come before everything that the client could write into them.

# What comes before the message: nothing, blanks, or the syslog header of a line from a file.
type=@header:\0
type=@header:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% sshd[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% sshd-session[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% sshd-auth[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% sshd(pam_unix)[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% sshd[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% sshd-session[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% sshd-auth[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% sshd(pam_unix)[%pid:number{"format":"number"}%]:%-:whitespace%

# The end of most messages: a client without a session yet is [preauth].
type=@end:\0
type=@end: [preauth]
# A key, as in "ssh2: RSA SHA256:...".
type=@key:\0
type=@key:: %key_type:word% %key:word%
# Only of accepted users, whose names nobody made up for the log, may any text follow.
type=@certified:\0
type=@certified: %certificate:rest%
# Names may hold blanks, and may be empty.
type=@name:%user:char-sep: % from 
type=@name:%user:string-to: from % from 
type=@from:%src_ip:word%
type=@from:%src_ip:word% port %src_port:number{"format":"number"}%
type=@from:%src_ip:word% port %src_port:number{"format":"number"}% ssh2
# Whom a connection had come to be for.
type=@who:\0
type=@who:user %user:char-sep: % 
type=@who:authenticating user %user:char-sep: % 
type=@who:invalid user %user:char-sep: % 
type=@who:Invalid user %user:char-sep: % 
type=@reason: [preauth]
type=@reason:%reason:string-to: [preauth]% [preauth]
type=@reason:%reason:rest%
# What is empty is left out.
type=@logname:logname= 
type=@logname:logname=%logname:word% 
type=@tty:tty= 
type=@tty:tty=%tty:word% 
type=@ruser:ruser= 
type=@ruser:ruser=%ruser:word% 
type=@rhost:rhost=
type=@rhost:rhost=%src_ip:word%
type=@pam:%.:@logname%uid=%uid:number{"format":"number"}% euid=%euid:number{"format":"number"}% %.:@tty%%.:@ruser%%.:@rhost%
type=@pam_user:\0
type=@pam_user: 
type=@pam_user:  user=%user:word%
type=@by:\0
type=@by:(uid=%uid:number{"format":"number"}%)
type=@by: by (uid=%by_uid:number{"format":"number"}%)
type=@by:(uid=%uid:number{"format":"number"}%) by (uid=%by_uid:number{"format":"number"}%)
type=@by: by %by_user:char-to:( %(uid=%by_uid:number{"format":"number"}%)
type=@by:(uid=%uid:number{"format":"number"}%) by %by_user:char-to:( %(uid=%by_uid:number{"format":"number"}%)
type=@service:pam_%pam_module:char-to:(%(%-:char-to:\x3a%:%pam_service:char-to:)%): 
prefix=%.:@header%

# Logins.
rule=login.success:Accepted %method:word% for %user:word% from %src_ip:word% port %src_port:number{"format":"number"}% ssh2%.:@key%%.:@certified%
rule=login.failure:Failed %method:word% for invalid user %.:@name%%src_ip:word% port %src_port:number{"format":"number"}% ssh2%.:@key%
rule=login.failure:Failed %method:word% for illegal user %.:@name%%src_ip:word% port %src_port:number{"format":"number"}% ssh2%.:@key%
rule=login.failure:Failed %method:word% for %.:@name%%src_ip:word% port %src_port:number{"format":"number"}% ssh2%.:@key%
rule=login.partial:Partial %method:word% for %user:word% from %src_ip:word% port %src_port:number{"format":"number"}% ssh2%.:@key%
rule=login.partial:Postponed %method:word% for %user:word% from %src_ip:word% port %src_port:number{"format":"number"}% ssh2%-:@end%
rule=login.partial:Postponed %method:word% for invalid user %.:@name%%src_ip:word% port %src_port:number{"format":"number"}% ssh2%-:@end%
rule=login.failure:message repeated %repeats:number{"format":"number"}% times: [ Failed %method:word% for %.:@name%%src_ip:word% port %src_port:number{"format":"number"}% ssh2]
rule=login.failure:message repeated %repeats:number{"format":"number"}% times: [ Failed %method:word% for invalid user %.:@name%%src_ip:word% port %src_port:number{"format":"number"}% ssh2]
rule=login.failure:Invalid user %.:@name%%.:@from%
rule=login.failure:Illegal user %.:@name%%.:@from%
rule=login.failure:input_userauth_request: invalid user %user:char-sep: %%-:@end%
rule=login.failure:input_userauth_request: invalid user %user:string-to: [preauth]% [preauth]
rule=login.failure:User %user:word% from %src_ip:word% not allowed because %reason:rest%
rule=login.failure:User %user:word% not allowed because %reason:rest%
rule=login.failure:ROOT LOGIN REFUSED FROM %.:@from%%-:@end%
rule=login.failure:Authentication refused: %reason:rest%
rule=login.failure:error: maximum authentication attempts exceeded for invalid user %.:@name%%src_ip:word% port %src_port:number{"format":"number"}% ssh2%-:@end%
rule=login.failure:error: maximum authentication attempts exceeded for %.:@name%%src_ip:word% port %src_port:number{"format":"number"}% ssh2%-:@end%
rule=login.failure:error: PAM: %reason:string-to: for % for illegal user %.:@name%%src_host:word%
rule=login.failure:error: PAM: %reason:string-to: for % for %.:@name%%src_host:word%
rule=login.failure:Disconnecting %.:@who%%src_ip:word% port %src_port:number{"format":"number"}%: %.:@reason%
rule=login.failure:Disconnecting: Too many authentication failures for %user:word%%-:@end%
rule=login.failure:Disconnecting: Too many authentication failures%-:@end%
rule=login.failure:Timeout before authentication for connection from %src_ip:word% to %dst_ip:char-to:,%, pid = %child:number{"format":"number"}%
rule=login.failure:fatal: Timeout before authentication for %.:@from%

# What PAM says.
rule=login.failure:%.:@service%authentication failure; %.:@pam%%.:@pam_user%
rule=login.failure:authentication failure; %.:@pam%%.:@pam_user%
rule=login.failure:%.:@service%check pass; user unknown
rule=login.failure:check pass; user unknown
rule=login.failure:PAM %failures:number{"format":"number"}% more authentication failure; %.:@pam%%.:@pam_user%
rule=login.failure:PAM %failures:number{"format":"number"}% more authentication failures; %.:@pam%%.:@pam_user%
rule=login.failure:PAM service(sshd) ignoring max retries; %failures:number{"format":"number"}% > %limit:number{"format":"number"}%
rule=login.failure:%.:@service%Access denied for user %user:char-to:\x3a%: %reason:rest%
rule=session:%.:@service%session %action:word% for user %user:char-sep:( %%.:@by%
rule=pam:%.:@service%%message:rest%
rule=session:session %action:word% for user %user:char-sep:( %%.:@by%

# Sessions and connections.
rule=connection:Connection from %src_ip:word% port %src_port:number{"format":"number"}% on %dst_ip:word% port %dst_port:number{"format":"number"}%
rule=connection:Connection from %src_ip:word% port %src_port:number{"format":"number"}% on %dst_ip:word% port %dst_port:number{"format":"number"}% rdomain "%-:char-sep:"%"
rule=connection:Connection from %src_ip:word% port %src_port:number{"format":"number"}%
rule=connection:Connection %action:alpha% by %.:@who%%src_ip:word% port %src_port:number{"format":"number"}%%-:@end%
rule=connection:Connection %action:alpha% by %.:@who%%src_ip:word%%-:@end%
rule=connection:Closing connection to %src_ip:word% port %src_port:number{"format":"number"}%
rule=session:Starting session: %request:string-to: for % for %.:@name%%src_ip:word% port %src_port:number{"format":"number"}% id %session:number{"format":"number"}%
rule=session:Close session: user %.:@name%%src_ip:word% port %src_port:number{"format":"number"}% id %session:number{"format":"number"}%
rule=session:subsystem request for %subsystem:word% by user %user:word%
rule=session:subsystem request for %subsystem:word%
rule=session:User child is on pid %child:number{"format":"number"}%
rule=session:Transferred: sent %bytes_sent:number{"format":"number"}%, received %bytes_received:number{"format":"number"}% bytes
rule=session:Received disconnect from %src_ip:word% port %src_port:number{"format":"number"}%:%code:number{"format":"number"}%: %.:@reason%
rule=session:Received disconnect from %src_ip:string-to:\x3a %: %code:number{"format":"number"}%: %.:@reason%
rule=session:error: Received disconnect from %src_ip:word% port %src_port:number{"format":"number"}%:%code:number{"format":"number"}%: %.:@reason%
rule=session:error: Received disconnect from %src_ip:string-to:\x3a %: %code:number{"format":"number"}%: %.:@reason%
rule=session:Disconnected from %.:@who%%src_ip:word% port %src_port:number{"format":"number"}%%-:@end%
rule=session:Disconnected from %.:@who%%src_ip:word%%-:@end%
rule=session:Timeout, client not responding from %.:@who%%src_ip:word% port %src_port:number{"format":"number"}%

# Scanners and broken clients.
rule=scan:Did not receive identification string from %.:@from%
rule=scan:Bad protocol version identification '%identification:string-to:' from %' from %.:@from%
rule=scan:error: kex_exchange_identification: %reason:rest%
rule=scan:kex_exchange_identification: %reason:rest%
rule=scan:banner exchange: Connection from %src_ip:word% port %src_port:number{"format":"number"}%: %reason:rest%
rule=scan:ssh_dispatch_run_fatal: Connection from %.:@who%%src_ip:word% port %src_port:number{"format":"number"}%: %.:@reason%
rule=scan:Unable to negotiate with %src_ip:word% port %src_port:number{"format":"number"}%: %.:@reason%
rule=scan:fatal: Unable to negotiate with %src_ip:word% port %src_port:number{"format":"number"}%: %.:@reason%
rule=scan:fatal: %reason:string-to: [preauth]% [preauth]
rule=scan:reverse mapping checking getaddrinfo for %src_host:word% [%src_ip:char-to:]%] failed%-:rest%
rule=scan:Address %src_ip:word% maps to %src_host:char-to:,%, but this does not map back to the address%-:rest%
rule=scan:drop connection #%drops:number{"format":"number"}% from [%src_ip:char-to:]%]:%src_port:number{"format":"number"}% on [%dst_ip:char-to:]%]:%dst_port:number{"format":"number"}% %reason:rest%
rule=scan:drop connection #%drops:number{"format":"number"}% from [%src_ip:char-to:]%]:%src_port:number{"format":"number"}% on [%dst_ip:char-to:]%]:%dst_port:number{"format":"number"}%: %reason:rest%

# The daemon itself.
rule=daemon:Server listening on %dst_ip:word% port %dst_port:number{"format":"number"}%.
rule=daemon:Received signal %signal:number{"format":"number"}%; terminating.
rule=daemon:Received SIGHUP; restarting.
rule=daemon:error: beginning MaxStartups throttling
rule=daemon:beginning MaxStartups throttling
rule=daemon:error: %message:rest%
rule=daemon:fatal: %message:rest%
rule=daemon:syslogin_perform_logout: %message:rest%

annotate=login.success:+outcome="success"
annotate=login.failure:+outcome="failure"
