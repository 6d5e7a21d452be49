version=2
# HAProxy HTTP log (option httplog), with or without a traditional syslog header.
type=@header:%date:date-rfc3164% %host:word% haproxy[%pid:number%]: 
type=@header:haproxy[%pid:number%]: 
prefix=%.:@header%%client_ip:char-to:\x3a%:%client_port:number% [%accepted:char-to:]%] %frontend:word% 
rule=http:%backend:char-to:/%/%server:word% %time_request:char-to:/%/%time_queue:char-to:/%/%time_connect:char-to:/%/%time_response:char-to:/%/%time_total:word% %status:word% %bytes:word% %request_cookie:word% %response_cookie:word% %state:word% %conn_active:number%/%conn_frontend:number%/%conn_backend:number%/%conn_server:number%/%retries:word% %queue_server:number%/%queue_backend:number% "%method:word% %uri:word% %protocol:char-to:"%"
rule=http:%backend:char-to:/%/%server:word% %time_request:char-to:/%/%time_queue:char-to:/%/%time_connect:char-to:/%/%time_response:char-to:/%/%time_total:word% %status:word% %bytes:word% %request_cookie:word% %response_cookie:word% %state:word% %conn_active:number%/%conn_frontend:number%/%conn_backend:number%/%conn_server:number%/%retries:word% %queue_server:number%/%queue_backend:number% "<BADREQ>"
rule=tcp:%backend:char-to:/%/%server:word% %time_queue:char-to:/%/%time_connect:char-to:/%/%time_total:word% %bytes:word% %state:word% %conn_active:number%/%conn_frontend:number%/%conn_backend:number%/%conn_server:number%/%retries:word% %queue_server:number%/%queue_backend:number%
