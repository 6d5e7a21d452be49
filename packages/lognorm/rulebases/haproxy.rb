version=2
# HAProxy: HTTP, HTTPS, TCP and error log formats, the old default format, and the state of servers and proxies.
# Times are milliseconds. What HAProxy writes as -1 or "-", because it never came to that, is left out.

# What comes before the message: nothing, blanks, or the syslog header of a line from a file.
type=@header:\0
type=@header:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% haproxy[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% haproxy[%pid:number{"format":"number"}%]:%-:whitespace%

type=@client:%src_ip:ipv4%:%src_port:number{"format":"number"}%
type=@client:unix:%listener:number{"format":"number"}%
# IPv6: where the port begins cannot be told, so both stay together.
type=@client:%src:string-to: [%
# "+" when the line was written before the end (option logasap).
type=@total:%time_total:number{"format":"number"}%
type=@total:+%time_total:number{"format":"number"}%
type=@total:-1
type=@request_time:%time_request:number{"format":"number"}%/
type=@request_time:-1/
type=@queue_time:%time_queue:number{"format":"number"}%/
type=@queue_time:-1/
type=@connect_time:%time_connect:number{"format":"number"}%/
type=@connect_time:-1/
type=@response_time:%time_response:number{"format":"number"}%/
type=@response_time:-1/
type=@bytes:%bytes:number{"format":"number"}%
type=@bytes:+%bytes:number{"format":"number"}%
type=@retries:%retries:number{"format":"number"}%
type=@retries:+%retries:number{"format":"number"}%
type=@status:%status:number{"format":"number"}%
type=@status:-1
type=@counts:%conn_active:number{"format":"number"}%/%conn_frontend:number{"format":"number"}%/%conn_backend:number{"format":"number"}%/%conn_server:number{"format":"number"}%/%.:@retries% %queue_server:number{"format":"number"}%/%queue_backend:number{"format":"number"}%
type=@cookies:- - 
type=@cookies:- %response_cookie:word% 
type=@cookies:%request_cookie:word% - 
type=@cookies:%request_cookie:word% %response_cookie:word% 
# Captured headers: {request} {response}, either may be missing.
type=@captured:\0
type=@captured:{%request_headers:char-sep:}%} 
type=@captured:{%request_headers:char-sep:}%} {%response_headers:char-sep:}%} 
type=@request:"<BADREQ>"
type=@request:"%method:word% %uri:word% %http_version:char-to:"%"
type=@request:"%request:char-sep:"%"
prefix=%.:@header%

rule=http:%.:@client% [%timestamp:char-to:]%] %frontend:word% %backend:char-to:/%/%server:word% %.:@request_time%%.:@queue_time%%.:@connect_time%%.:@response_time%%.:@total% %.:@status% %.:@bytes% %.:@cookies%%state:word% %.:@counts% %.:@captured%%.:@request%
rule=https:%.:@client% [%timestamp:char-to:]%] %frontend:word% %backend:char-to:/%/%server:word% %.:@request_time%%.:@queue_time%%.:@connect_time%%.:@response_time%%.:@total% %.:@status% %.:@bytes% %.:@cookies%%state:word% %.:@counts% %.:@captured%%.:@request% %error:number{"format":"number"}%/%ssl_error:char-to:/%/%ssl_verify_error:number{"format":"number"}%/%ssl_ca_error:number{"format":"number"}%/%ssl_resumed:number{"format":"number"}% %sni:char-to:/%/%tls_version:char-to:/%/%cipher:rest%
rule=tcp:%.:@client% [%timestamp:char-to:]%] %frontend:word% %backend:char-to:/%/%server:word% %.:@queue_time%%.:@connect_time%%.:@total% %.:@bytes% %state:word% %.:@counts%
rule=error:%.:@client% [%timestamp:char-to:]%] %frontend:char-to: /%/%bind:char-to:\x3a%: %reason:rest%
rule=connect:Connect from %.:@client% to %dst_ip:char-to:\x3a%:%dst_port:number{"format":"number"}% (%frontend:char-to:/%/%mode:char-to:)%)

# Health.
type=@level:\0
type=@level:[%level:alpha%] %-:char-to:)%) : 
type=@check:\0
type=@check:, reason: %reason:string-to:, check duration\x3a %, check duration: %check_duration:number{"format":"number"}%ms
type=@check:, reason: %reason:char-sep:,%
type=@servers:. %servers_active:number{"format":"number"}% active and %servers_backup:number{"format":"number"}% backup servers left.
type=@servers:. %servers_active:number{"format":"number"}% active and %servers_backup:number{"format":"number"}% backup servers online.
type=@sessions: %sessions:number{"format":"number"}% sessions active, %requeued:number{"format":"number"}% requeued, %queued:number{"format":"number"}% remaining in queue.
type=@sessions: %-:string-to:requeued%requeued, %queued:number{"format":"number"}% total in queue.
type=@kind:Server
type=@kind:Backup Server
prefix=%.:@header%%.:@level%
rule=server:%-:@kind% %backend:char-to:/%/%server:word% is %state:word%
rule=server:%-:@kind% %backend:char-to:/%/%server:word% is %state:char-to:,.%%.:@check%
rule=server:%-:@kind% %backend:char-to:/%/%server:word% is %state:char-to:,.%%.:@check%%.:@servers%%.:@sessions%
rule=server:%-:@kind% %backend:char-to:/%/%server:word% is %state:char-to:,.(%%-:string-to:. %%.:@servers%%.:@sessions%
rule=server:Health check for %kind:word% %backend:char-to:/%/%server:word% %state:char-to:,%%.:@check%, status: %health:rest%
rule=backend:backend '%backend:char-to:'%' has no server available!
rule=backend:backend %backend:word% has no server available!
rule=proxy:Proxy %proxy:word% %state:char-to:.%.
rule=proxy:Stopping %kind:word% %proxy:word% in %milliseconds:number{"format":"number"}% ms.
rule=proxy:Proxy %proxy:word% stopped (cumulated conns: FE: %conn_frontend:number{"format":"number"}%, BE: %conn_backend:number{"format":"number"}%).
rule=proxy:Proxy %proxy:word% stopped (FE: %conn_frontend:number{"format":"number"}% conns, BE: %conn_backend:number{"format":"number"}% conns).
annotate=error:+outcome="failure"
