version=2
# Access and error logs of nginx: combined format and the "main" format of its packages, error log.
# A field that the server writes as "-" is left out.

# What comes before the message: nothing, blanks, or the syslog header of a line from a file.
type=@header:\0
type=@header:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% %-:char-to:\x3a%:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% %-:char-to:\x3a%:%-:whitespace%

# Access log.
type=@ident:- 
type=@ident:%ident:word% 
type=@user:- [
type=@user:%user:string-to: [% [
# The request line; what is none (a handshake, nothing at all) is kept whole as "request".
type=@request:"%method:word% %uri:word% %http_version:literal{"text":"HTTP/1.1"}%" 
type=@request:"%method:word% %uri:word% %http_version:literal{"text":"HTTP/1.0"}%" 
type=@request:"%method:word% %uri:word% %http_version:literal{"text":"HTTP/2.0"}%" 
type=@request:"%method:word% %uri:word% %http_version:literal{"text":"HTTP/3.0"}%" 
type=@request:"%method:word% %uri:word% %http_version:literal{"text":"HTTP/2"}%" 
type=@request:"%method:word% %uri:word% %http_version:literal{"text":"HTTP/3"}%" 
type=@request:"-" 
type=@request:"%request:char-sep:"%" 
type=@request:%request:string{"quoting.mode":"required","quoting.escape.mode":"backslash"}% 
type=@bytes:-
type=@bytes:%bytes:number{"format":"number"}%
type=@referrer:"-" 
type=@referrer:"%referrer:char-sep:"%" 
type=@referrer:%referrer:string{"quoting.mode":"required","quoting.escape.mode":"backslash"}% 
prefix=%.:@header%%remote_host:word% %.:@ident%%.:@user%%timestamp:char-to:]%] %.:@request%%status:number{"format":"number"}% 
rule=access:%.:@bytes%
rule=access:%.:@bytes% %.:@referrer%"-"
rule=access:%.:@bytes% %.:@referrer%"%user_agent:char-sep:"%"
rule=access:%.:@bytes% %.:@referrer%"-" "-"
rule=access:%.:@bytes% %.:@referrer%"%user_agent:char-sep:"%" "-"
rule=access:%.:@bytes% %.:@referrer%"-" "%forwarded_for:char-sep:"%"
rule=access:%.:@bytes% %.:@referrer%"%user_agent:char-sep:"%" "%forwarded_for:char-sep:"%"
rule=access:%.:@bytes% %.:@referrer%"-" %extra:rest%
rule=access:%.:@bytes% %.:@referrer%"%user_agent:char-sep:"%" %extra:rest%
rule=access:%.:@bytes% %{"name":"extra","type":"rest","priority":60000}%

# Error log.
type=@request_line:%method:word% %uri:word% %http_version:char-to:"%"
type=@request_line:%request:char-to:"%"
type=@server:\0
type=@server:, server: %server:char-sep:,%
type=@asked:\0
type=@asked:, request: "%.:@request_line%
type=@subrequest:\0
type=@subrequest:, subrequest: "%subrequest:char-to:"%"
type=@upstream:\0
type=@upstream:, upstream: "%upstream:char-to:"%"
type=@vhost:\0
type=@vhost:, host: "%vhost:char-to:"%"
type=@origin:\0
type=@origin:, referrer: "%referrer:char-to:"%"
prefix=%.:@header%%date:string{"matching.permitted":"0123456789/"}% %time:time-24hr% [%level:alpha%] %pid:number{"format":"number"}%#%tid:number{"format":"number"}%: 
rule=error:*%connection:number{"format":"number"}% %message:string-to:, client\x3a %, client: %remote_host:char-sep:,%%.:@server%%.:@asked%%.:@subrequest%%.:@upstream%%.:@vhost%%.:@origin%
rule=error:*%connection:number{"format":"number"}% %message:rest%
rule=error:%message:rest%
