version=2
# Messages of a Linux host with a traditional syslog header: PAM, FTP, DNS, boot messages.
# The program is a name, perhaps with a module in parentheses and a process id.
type=@program:%program:char-to:[\x3a (%[%pid:number{"format":"number"}%]
type=@program:%program:char-to:[\x3a (%(%module:char-to:)%)[%pid:number{"format":"number"}%]
type=@program:%program:char-to:[\x3a (%
prefix=%date:date-rfc3164% %host:word% %.:@program%: 
rule=login.failure:authentication failure; logname=%logname:char-sep: % uid=%uid:number{"format":"number"}% euid=%euid:number{"format":"number"}% tty=%tty:char-sep: % ruser=%ruser:char-sep: % rhost=%rhost:char-sep: %  user=%user:word%
rule=login.failure:authentication failure; logname=%logname:char-sep: % uid=%uid:number{"format":"number"}% euid=%euid:number{"format":"number"}% tty=%tty:char-sep: % ruser=%ruser:char-sep: % rhost=%rhost:char-sep: % 
rule=login.failure:check pass; user unknown
rule=login.failure:Authentication failed from %src_ip:ipv4% (%src_name:char-to:)%): %reason:rest%
rule=login.failure:Kerberos authentication failed%-:rest%
rule=session:session %action:word% for user %user:word%
rule=session:session %action:word% for user %user:word% by (uid=%uid:number{"format":"number"}%)
rule=session:session %action:word% for user %user:word% by %by:char-to:(%(uid=%uid:number{"format":"number"}%)
rule=connection:connection from %src_ip:ipv4% (%src_name:char-sep:)%) at %when:rest%
rule=connection:connection from %src_ip:ipv4% () at %when:rest%
rule=service:%service:word% startup succeeded
rule=service:%service:word% shutdown succeeded
rule=device:%action:word% device node '%node:char-to:'%'
rule=job:ALERT exited abnormally with [%code:number{"format":"number"}%]
rule=:%message:rest%
prefix=
rule=service:%date:date-rfc3164% %host:word% syslogd %version:char-to:\x3a%: restart.
annotate=login.failure:+outcome="failure"
