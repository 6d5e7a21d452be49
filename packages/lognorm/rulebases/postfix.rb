version=2
# Postfix mail server with a traditional syslog header.
prefix=%date:date-rfc3164% %host:word% postfix/%component:char-to:[%[%pid:number%]: 
rule=connection:connect from %client:char-to:[%[%client_ip:char-to:]%]
rule=connection:disconnect from %client:char-to:[%[%client_ip:char-to:]%]%-:rest%
rule=connection:lost connection after %after:word% from %client:char-to:[%[%client_ip:char-to:]%]
rule=queue:%queue_id:char-to:\x3a%: client=%client:char-to:[%[%client_ip:char-to:]%]
rule=queue:%queue_id:char-to:\x3a%: message-id=<%message_id:char-to:>%>
rule=queue:%queue_id:char-to:\x3a%: from=<%from:char-sep:>%>, size=%size:number%, nrcpt=%recipients:number% (queue active)
rule=queue:%queue_id:char-to:\x3a%: removed
rule=delivery:%queue_id:char-to:\x3a%: to=<%to:char-to:>%>, relay=%relay:char-to:,%, delay=%delay:float%, delays=%delays:char-to:,%, dsn=%dsn:char-to:,%, status=%status:word% %response:rest%
rule=delivery:%queue_id:char-to:\x3a%: to=<%to:char-to:>%>, orig_to=<%orig_to:char-to:>%>, relay=%relay:char-to:,%, delay=%delay:float%, delays=%delays:char-to:,%, dsn=%dsn:char-to:,%, status=%status:word% %response:rest%
rule=refused:NOQUEUE: reject: %stage:word% from %client:char-to:[%[%client_ip:char-to:]%]: %code:number% %message:rest%
rule=:%message:rest%
annotate=refused:+outcome="failure"
