version=2
# sudo with a traditional syslog header.
type=@header:%date:date-rfc3164% %host:word% sudo: 
type=@header:%date:date-rfc3164% %host:word% sudo[%pid:number%]: 
prefix=%.:@header%
rule=command:%-:whitespace%%user:word% : TTY=%tty:word% ; PWD=%directory:string-to: ;% ; USER=%as_user:word% ; COMMAND=%command:rest%
rule=command:%user:word% : TTY=%tty:word% ; PWD=%directory:string-to: ;% ; USER=%as_user:word% ; COMMAND=%command:rest%
rule=refused:%-:whitespace%%user:word% : %reason:string-to: ; TTY=% ; TTY=%tty:word% ; PWD=%directory:string-to: ;% ; USER=%as_user:word% ; COMMAND=%command:rest%
rule=refused:%user:word% : %reason:string-to: ; TTY=% ; TTY=%tty:word% ; PWD=%directory:string-to: ;% ; USER=%as_user:word% ; COMMAND=%command:rest%
rule=session:pam_unix(sudo:session): session %action:word% for user %as_user:char-sep:( %%-:rest%
annotate=refused:+outcome="failure"
annotate=command:+outcome="success"
