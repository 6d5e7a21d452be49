version=2
# Access and error logs of the Apache HTTP server: common, combined and vhost_combined format, error logs of 2.2 and 2.4.
# A field that the server writes as "-" is left out.

# What comes before the message: nothing, blanks, or the syslog header of a line from a file.
type=@header:\0
type=@header:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% %-:char-to:\x3a%:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% %-:char-to:\x3a%:%-:whitespace%

# Access log.
type=@client:%vhost:char-to:\x3a %:%vhost_port:number{"format":"number"}% %remote_host:word% 
type=@client:%remote_host:word% 
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
prefix=%.:@header%%.:@client%%.:@ident%%.:@user%%timestamp:char-to:]%] %.:@request%%status:number{"format":"number"}% 
rule=access:%.:@bytes%
rule=access:%.:@bytes% %.:@referrer%"-"
rule=access:%.:@bytes% %.:@referrer%"%user_agent:char-sep:"%"
rule=access:%.:@bytes% %.:@referrer%%user_agent:string{"quoting.mode":"required","quoting.escape.mode":"backslash"}%
rule=access:%.:@bytes% %.:@referrer%"-" %extra:rest%
rule=access:%.:@bytes% %.:@referrer%"%user_agent:char-sep:"%" %extra:rest%
rule=access:%.:@bytes% %.:@referrer%%user_agent:string{"quoting.mode":"required","quoting.escape.mode":"backslash"}% %extra:rest%
rule=access:%.:@bytes% %{"name":"extra","type":"rest","priority":60000}%

# Error log. Its time is missing when it goes to syslog.
type=@time:\0
type=@time:[%-:alpha% %timestamp:char-to:]%] 
type=@level:[%level:alpha%] 
type=@level:[%module:char-to:\x3a]%:%level:char-to:]%] 
type=@level:[:%level:char-to:]%] 
type=@process:\0
type=@process:[pid %pid:number{"format":"number"}%] 
type=@process:[pid %pid:number{"format":"number"}%:tid %tid:number{"format":"number"}%] 
type=@cause:\0
type=@cause:(%errno:number{"format":"number"}%)%cause:char-to:\x3a%: 
type=@peer:\0
type=@peer:[client %remote_host:ipv4%] 
type=@peer:[client %remote_host:ipv4%:%remote_port:number{"format":"number"}%] 
type=@peer:[client [%remote_host:char-to:]%]:%remote_port:number{"format":"number"}%] 
type=@peer:[client %remote_host:char-to:]%] 
type=@code:\0
type=@code:%error_code:string{"matching.permitted":"AH0123456789","matching.mode":"lazy","quoting.mode":"none"}%: 
prefix=%.:@header%%.:@time%%.:@level%%.:@process%%.:@cause%%.:@peer%%.:@code%
rule=error:Directory index forbidden by rule: %path:rest%
rule=error:File does not exist: %path:string-to:, referer\x3a %, referer: %referrer:rest%
rule=error:File does not exist: %path:rest%
rule=error:script '%path:char-to:'%' not found or unable to stat
rule=error:client denied by server configuration: %path:string-to:, referer\x3a %, referer: %referrer:rest%
rule=error:client denied by server configuration: %path:rest%
rule=error:jk2_init() Found child %child:number{"format":"number"}% in scoreboard slot %slot:number{"format":"number"}%
rule=error:jk2_init() Can't find child %child:number{"format":"number"}% in scoreboard
rule=error:workerEnv.init() ok %path:rest%
rule=error:mod_jk child workerEnv in error state %worker_state:number{"format":"number"}%
rule=error:mod_jk child init %worker_state:number{"format":"number"}% %result:word%
rule=error:%message:string-to:, referer\x3a %, referer: %referrer:rest%
rule=error:%message:rest%
