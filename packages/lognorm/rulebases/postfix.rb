version=2
# Postfix: smtpd, smtp, lmtp, qmgr, cleanup, local, virtual, pipe, bounce, pickup, anvil, postscreen, master.

# What comes before the message: nothing, blanks, or the syslog header of a line from a file.
type=@header:\0
type=@header:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% postfix/%component:char-to:[%[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% postfix-%instance:char-to:/%/%component:char-to:[%[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% postfix/%component:char-to:[%[%pid:number{"format":"number"}%]:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% postfix-%instance:char-to:/%/%component:char-to:[%[%pid:number{"format":"number"}%]:%-:whitespace%

# A peer is "name[address]", with ":port" where it is a server.
type=@client:%src_host:char-to:[%[%src_ip:char-to:]%]
type=@client:%src_host:char-to:[%[%src_ip:char-to:]%]:%src_port:number{"format":"number"}%
type=@server:%dst_host:char-to:[%[%dst_ip:char-to:]%]
type=@server:%dst_host:char-to:[%[%dst_ip:char-to:]%]:%dst_port:number{"format":"number"}%
type=@address:[%src_ip:char-to:]%]:%src_port:number{"format":"number"}%
type=@address:[%src_ip:char-to:]%]
type=@relay:relay=%dst_host:char-to:[, %[%dst_ip:char-to:]%]:%dst_port:number{"format":"number"}%, 
type=@relay:relay=%dst_host:char-to:[, %[%relay_path:char-to:]%], 
type=@relay:relay=%relay:char-to:,%, 
type=@orig_to:\0
type=@orig_to:orig_to=<%orig_to:char-sep:>%>, 
type=@reused:\0
type=@reused:conn_use=%conn_use:number{"format":"number"}%, 
type=@delays:delay=%delay:float{"format":"number"}%, delays=%delay_before_queue:float{"format":"number"}%/%delay_queue:float{"format":"number"}%/%delay_connect:float{"format":"number"}%/%delay_transmit:float{"format":"number"}%, dsn=%dsn:char-to:,%, 
# What the other server said; a text with ")" in it is kept whole, parentheses included.
type=@response:(host %-:char-to:[%[%-:char-to:]%] said: %response:string-to: (in reply to % (in reply to %in_reply_to:string-to: command)% command))
type=@response:%response:rest%
type=@sasl_user:\0
type=@sasl_user:, sasl_username=%user:char-sep:,%
type=@sasl_user:, sasl_username=%user:char-sep:,%, sasl_sender=%sasl_sender:char-sep:,%
type=@sasl:\0
type=@sasl:, sasl_method=%sasl_method:char-sep:,%%.:@sasl_user%
# The envelope at the end of a refusal.
type=@from:\0
type=@from:; from=<%from:char-sep:>%>
type=@from:; from=<%from:char-sep:>%>,
type=@to:\0
type=@to: to=<%to:char-sep:>%>
type=@to: to=<%to:char-sep:>%>,
type=@proto:\0
type=@proto: proto=%protocol:char-sep:, %
type=@proto: proto=%protocol:char-sep:, %,
type=@helo:\0
type=@helo: helo=<%helo:char-sep:>%>
type=@envelope:%.:@from%%.:@to%%.:@proto%%.:@helo%
type=@code:%code:number{"format":"number"}% %dsn:string{"matching.permitted":"0123456789."}% 
type=@code:%code:number{"format":"number"}% 
type=@code:%dsn:string{"matching.permitted":"0123456789."}% 
type=@tls_trust:Anonymous TLS
type=@tls_trust:%tls_trust:word% TLS
type=@tls:%tls_version:char-to:\x3a %%-:string-to:with cipher %with cipher %cipher:word%%-:rest%
prefix=%.:@header%

# Connections of smtpd.
rule=connection:connect from %.:@client%
rule=connection:disconnect from %.:@client%
rule=connection:disconnect from %.:@client% %-:rest%
rule=connection:lost connection after %after:word% from %.:@client%
rule=connection:lost connection after %after:string-to: from % from %.:@client%
rule=connection:timeout after %after:string-to: from % from %.:@client%
rule=connection:too many errors after %after:string-to: from % from %.:@client%
rule=connection:improper command pipelining after %after:word% from %.:@client%%-:rest%
rule=tls:%.:@tls_trust% connection established from %.:@client%: %.:@tls%
rule=tls:setting up TLS connection from %.:@client%
rule=tls:SSL_accept error from %.:@client%: %reason:rest%
rule=refused:NOQUEUE: %action:char-to:\x3a %: %stage:word% from %.:@client%: %.:@code%%reason:string-to:; from=<%%.:@envelope%
rule=refused:NOQUEUE: %action:char-to:\x3a %: %stage:word% from %.:@client%: %.:@code%%reason:string-to:; proto=%;%.:@proto%%.:@helo%
rule=refused:NOQUEUE: %action:char-to:\x3a %: %stage:word% from %.:@address%: %.:@code%%reason:string-to:; from=<%%.:@envelope%
rule=refused:NOQUEUE: %action:char-to:\x3a %: %stage:word% from %.:@client%: %reason:rest%
rule=refused:NOQUEUE: %action:char-to:\x3a %: %stage:word% from %.:@address%: %reason:rest%
rule=login.failure:warning: %.:@client%: SASL %sasl_method:word% authentication failed: %reason:rest%
rule=login.failure:warning: %.:@client%: SASL %sasl_method:word% authentication aborted%-:rest%
rule=warning:warning: hostname %src_host:word% does not resolve to address %src_ip:char-sep:\x3a%
rule=warning:warning: hostname %src_host:word% does not resolve to address %src_ip:string-to:\x3a %: %reason:rest%
rule=warning:warning: %message:rest%
rule=error:error: %message:rest%
rule=error:fatal: %message:rest%
rule=error:panic: %message:rest%

# Messages in the queue, by their queue ids.
rule=queue:%queue_id:char-to:\x3a %: client=%.:@client%%.:@sasl%
rule=queue:%queue_id:char-to:\x3a %: client=%.:@client%, orig_queue_id=%orig_queue_id:char-to:,%, orig_client=%-:rest%
rule=queue:%queue_id:char-to:\x3a %: message-id=<%message_id:char-to:>%>
rule=queue:%queue_id:char-to:\x3a %: message-id=%message_id:word%
rule=queue:%queue_id:char-to:\x3a %: resent-message-id=<%message_id:char-to:>%>
rule=queue:%queue_id:char-to:\x3a %: uid=%uid:number{"format":"number"}% from=<%from:char-sep:>%>
rule=queue:%queue_id:char-to:\x3a %: from=<%from:char-sep:>%>, size=%bytes:number{"format":"number"}%, nrcpt=%recipients:number{"format":"number"}% (queue active)
rule=queue:%queue_id:char-to:\x3a %: from=<%from:char-sep:>%>, status=%status:char-to:,%, %reason:rest%
rule=queue:%queue_id:char-to:\x3a %: skipped, %reason:rest%
rule=queue:%queue_id:char-to:\x3a %: %action:literal{"text":"removed"}%
rule=delivery:%queue_id:char-to:\x3a %: to=<%to:char-sep:>%>, %.:@orig_to%%.:@relay%%.:@reused%%.:@delays%status=%status:word% (%response:char-to:)%)
rule=delivery:%queue_id:char-to:\x3a %: to=<%to:char-sep:>%>, %.:@orig_to%%.:@relay%%.:@reused%%.:@delays%status=%status:word% %.:@response%
rule=delivery.attempt:%queue_id:char-to:\x3a %: host %.:@server% said: %response:string-to: (in reply to % (in reply to %in_reply_to:string-to: command)% command)
rule=delivery.attempt:%queue_id:char-to:\x3a %: host %.:@server% refused to talk to me: %response:rest%
rule=delivery.attempt:%queue_id:char-to:\x3a %: lost connection with %.:@server% while %after:rest%
rule=delivery.attempt:%queue_id:char-to:\x3a %: conversation with %.:@server% timed out while %after:rest%
rule=delivery.attempt:%queue_id:char-to:\x3a %: enabling PIX workarounds: %workarounds:string-to: for % for %.:@server%
rule=delivery.attempt:connect to %.:@server%: %reason:rest%
rule=tls:%.:@tls_trust% connection established to %.:@server%: %.:@tls%
rule=bounce:%queue_id:char-to:\x3a %: sender %notification:string-to: notification\x3a % notification: %notification_id:word%
rule=bounce:%queue_id:char-to:\x3a %: postmaster %notification:string-to: notification\x3a % notification: %notification_id:word%
rule=refused:%queue_id:char-to:\x3a %: milter-%action:char-to:\x3a %: %stage:word% from %.:@client%: %.:@code%%reason:string-to:; from=<%%.:@envelope%
rule=refused:%queue_id:char-to:\x3a %: reject: %stage:word% from %.:@client%: %.:@code%%reason:string-to:; from=<%%.:@envelope%
rule=refused:%queue_id:char-to:\x3a %: reject: %stage:word% %reason:string-to: from % from %.:@client%%.:@envelope%: %response:rest%
rule=header:%queue_id:char-to:\x3a %: %action:char-to:\x3a %: header %header:string-to: from % from %.:@client%%.:@envelope%
rule=header:%queue_id:char-to:\x3a %: %action:char-to:\x3a %: header %header:string-to: from % from %.:@client%%.:@envelope%: %response:rest%
rule=header:%queue_id:char-to:\x3a %: %action:char-to:\x3a %: header %header:string-to: from local;% from local%.:@envelope%

# anvil, postscreen, scache, master.
rule=statistics:statistics: max %statistic:string-to: rate % rate %count:number{"format":"number"}%/%seconds:number{"format":"number"}%s for (%service:char-to:\x3a%:%src_ip:char-to:)%) at %-:rest%
rule=statistics:statistics: max connection count %count:number{"format":"number"}% for (%service:char-to:\x3a%:%src_ip:char-to:)%) at %-:rest%
rule=statistics:statistics: max cache size %count:number{"format":"number"}% at %-:rest%
rule=statistics:statistics: %message:rest%
rule=screen:CONNECT from %.:@address% to [%dst_ip:char-to:]%]:%dst_port:number{"format":"number"}%
rule=screen:PASS %action:word% %.:@address%
rule=screen:PREGREET %bytes:number{"format":"number"}% after %seconds:float{"format":"number"}% from %.:@address%: %text:rest%
rule=screen:HANGUP after %seconds:float{"format":"number"}% from %.:@address% in %after:rest%
rule=screen:DNSBL rank %rank:number{"format":"number"}% for %.:@address%
rule=screen:DISCONNECT %.:@address%
rule=screen:%action:literal{"text":"ALLOWLISTED"}% %.:@address%
rule=screen:%action:literal{"text":"DENYLISTED"}% %.:@address%
rule=screen:%action:literal{"text":"WHITELISTED"}% %.:@address%
rule=screen:%action:literal{"text":"BLACKLISTED"}% %.:@address%
rule=daemon:daemon started -- version %version:char-to:,%, configuration %path:rest%
rule=daemon:reload -- version %version:char-to:,%, configuration %path:rest%
rule=daemon:terminating on signal %signal:number{"format":"number"}%

annotate=refused:+outcome="failure"
annotate=login.failure:+outcome="failure"
