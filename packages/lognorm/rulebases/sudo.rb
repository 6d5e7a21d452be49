version=2
# sudo: commands, refusals, and what PAM logs for it.

# What comes before the message: nothing, blanks, or the syslog header of a line from a file.
type=@header:\0
type=@header:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% sudo:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% sudo[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% sudo:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% sudo[%pid:number{"format":"number"}%]:%-:whitespace%

# The parts of a command's message; all but the command may be missing.
type=@host:\0
type=@host:HOST=%sudo_host:char-to: % ; 
type=@tty:\0
type=@tty:TTY=%tty:char-to: % ; 
type=@chroot:\0
type=@chroot:CHROOT=%chroot:string-to: ; % ; 
type=@directory:\0
type=@directory:PWD=%directory:string-to: ; % ; 
type=@as_user:\0
type=@as_user:USER=%as_user:string-to: ; % ; 
type=@as_group:\0
type=@as_group:GROUP=%as_group:string-to: ; % ; 
type=@session:\0
type=@session:TSID=%session_id:char-to: % ; 
type=@environment:\0
type=@environment:ENV=%environment:string-to: ; COMMAND=% ; 
type=@by:\0
type=@by:(uid=%as_uid:number{"format":"number"}%)
type=@by: by (uid=%uid:number{"format":"number"}%)
type=@by: by %user:char-to:( %(uid=%uid:number{"format":"number"}%)
type=@by:(uid=%as_uid:number{"format":"number"}%) by (uid=%uid:number{"format":"number"}%)
type=@by:(uid=%as_uid:number{"format":"number"}%) by %user:char-to:( %(uid=%uid:number{"format":"number"}%)
type=@service:pam_%pam_module:char-to:(%(%-:char-to:\x3a%:%pam_service:char-to:)%): 
# What is empty is left out.
type=@logname:logname= 
type=@logname:logname=%logname:word% 
type=@pam_tty:tty= 
type=@pam_tty:tty=%tty:word% 
type=@ruser:ruser= 
type=@ruser:ruser=%ruser:word% 
type=@rhost:rhost=
type=@rhost:rhost=%src_host:word%
prefix=%.:@header%

rule=command:%user:string-to: \x3a % : %.:@host%%.:@tty%%.:@chroot%%.:@directory%%.:@as_user%%.:@as_group%%.:@session%%.:@environment%COMMAND=%command:rest%
rule=command.continued:%user:string-to: \x3a % : (command continued) %command:rest%
rule=refused:%user:string-to: \x3a % : %failures:number{"format":"number"}% incorrect password attempt ; %.:@host%%.:@tty%%.:@chroot%%.:@directory%%.:@as_user%%.:@as_group%%.:@session%%.:@environment%COMMAND=%command:rest%
rule=refused:%user:string-to: \x3a % : %failures:number{"format":"number"}% incorrect password attempts ; %.:@host%%.:@tty%%.:@chroot%%.:@directory%%.:@as_user%%.:@as_group%%.:@session%%.:@environment%COMMAND=%command:rest%
rule=refused:%user:string-to: \x3a % : %reason:string-to: ; % ; %.:@host%%.:@tty%%.:@chroot%%.:@directory%%.:@as_user%%.:@as_group%%.:@session%%.:@environment%COMMAND=%command:rest%
rule=refused:%.:@service%authentication failure; %.:@logname%uid=%uid:number{"format":"number"}% euid=%euid:number{"format":"number"}% %.:@pam_tty%%.:@ruser%%.:@rhost%  user=%user:word%
rule=refused:%.:@service%auth could not identify password for [%user:char-to:]%]
rule=refused:%.:@service%conversation failed
rule=session:%.:@service%session %action:word% for user %as_user:char-sep:( %%.:@by%
rule=pam:%.:@service%%message:rest%
annotate=command:+outcome="success"
annotate=refused:+outcome="failure"
