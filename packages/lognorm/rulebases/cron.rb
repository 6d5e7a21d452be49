version=2
# cron of Debian (vixie), cronie of Red Hat, anacron and crontab.
# A command that itself contains ")" keeps the ")" that closes the message.

# What comes before the message: nothing, blanks, or the syslog header of a line from a file.
type=@header:\0
type=@header:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% %-:char-to:[\x3a%[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% %-:char-to:[\x3a%:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% %-:char-to:[\x3a%[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% %-:char-to:[\x3a%:%-:whitespace%

type=@by:\0
type=@by:(uid=%uid:number{"format":"number"}%)
type=@by: by (uid=%by_uid:number{"format":"number"}%)
type=@by: by %by_user:char-to:( %(uid=%by_uid:number{"format":"number"}%)
type=@by:(uid=%uid:number{"format":"number"}%) by (uid=%by_uid:number{"format":"number"}%)
type=@by:(uid=%uid:number{"format":"number"}%) by %by_user:char-to:( %(uid=%by_uid:number{"format":"number"}%)
type=@blanks:\0
type=@blanks:%-:whitespace%
type=@service:pam_%pam_module:char-to:(%(%-:char-to:\x3a%:%pam_service:char-to:)%): 
prefix=%.:@header%

rule=command:(%user:char-to:)%) CMD (%-:@blanks%%command:char-to:)%)
rule=command:(%user:char-to:)%) CMD (%-:@blanks%%command:rest%
rule=command.end:(%user:char-to:)%) CMDEND (%-:@blanks%%command:char-to:)%)
rule=command.end:(%user:char-to:)%) CMDEND (%-:@blanks%%command:rest%
rule=command.output:(%user:char-to:)%) CMDOUT (%output:char-to:)%)
rule=command.output:(%user:char-to:)%) CMDOUT (%output:rest%
rule=mail:(%user:char-to:)%) MAIL (mailed %bytes:number{"format":"number"}% bytes of output but got status %exit_status:string{"matching.permitted":[{"class":"hexdigit"},{"chars":"x"}],"matching.mode":"lazy"}%%-:rest%
rule=mail:(%user:char-to:)%) MAIL (mailed %bytes:number{"format":"number"}% byte of output but got status %exit_status:string{"matching.permitted":[{"class":"hexdigit"},{"chars":"x"}],"matching.mode":"lazy"}%%-:rest%
rule=crontab:(%user:char-to:)%) %action:literal{"text":"BEGIN EDIT"}% (%table:char-to:)%)
rule=crontab:(%user:char-to:)%) %action:literal{"text":"END EDIT"}% (%table:char-to:)%)
rule=crontab:(%user:char-to:)%) %action:literal{"text":"REPLACE"}% (%table:char-to:)%)
rule=crontab:(%user:char-to:)%) %action:literal{"text":"DELETE"}% (%table:char-to:)%)
rule=crontab:(%user:char-to:)%) %action:literal{"text":"LIST"}% (%table:char-to:)%)
rule=crontab:(%user:char-to:)%) %action:literal{"text":"RELOAD"}% (%table:char-to:)%)
rule=refused:(%user:char-to:)%) AUTH (%reason:char-to:)%)
rule=message:(%user:char-to:)%) %action:string-to: (% (%message:char-to:)%)
rule=message:(%user:char-to:)%) %action:string-to: (% (%message:rest%
rule=session:%.:@service%session %action:word% for user %user:char-sep:( %%.:@by%
rule=session:session %action:word% for user %user:char-sep:( %%.:@by%
rule=refused:%.:@service%%reason:rest%

# anacron and run-parts.
rule=anacron:Job `%job:char-to:'%' %action:rest%
rule=anacron:Will run job `%job:char-to:'%' in %delay_minutes:number{"format":"number"}% min.
rule=anacron:Anacron %version:word% started on %date:word%
rule=anacron:Anacron started on %date:word%
rule=anacron:Normal exit (%jobs:number{"format":"number"}% job run)
rule=anacron:Normal exit (%jobs:number{"format":"number"}% jobs run)
rule=anacron:Jobs will be executed sequentially
rule=anacron:Updated timestamp for job `%job:char-to:'%' to %date:word%
rule=run-parts:(%directory:char-to:)%) %action:literal{"text":"starting"}% %job:word%
rule=run-parts:(%directory:char-to:)%) %action:literal{"text":"finished"}% %job:word%

# busybox.
rule=command:USER %user:word% pid %child:number{"format":"number"}% cmd %command:rest%
annotate=refused:+outcome="failure"
