version=2
# Access logs of the Apache HTTP server and of nginx: combined and common format.
type=@client:%client:ipv4%
type=@client:%client:ipv6%
type=@client:%client:word%
prefix=%.:@client% %ident:word% %user:word% [%timestamp:char-to:]%] 
rule=common:"%method:word% %uri:word% %protocol:char-to:"%" %status:number% %bytes:word%
rule=combined:"%method:word% %uri:word% %protocol:char-to:"%" %status:number% %bytes:word% "%referrer:char-sep:"%" "%user_agent:char-sep:"%"
rule=combined:"%method:word% %uri:word% %protocol:char-to:"%" %status:number% %bytes:word% "%referrer:char-sep:"%" "%user_agent:char-sep:"%" %extra:rest%
rule=malformed:"%request:char-sep:"%" %status:number% %bytes:word%
rule=malformed:"%request:char-sep:"%" %status:number% %bytes:word% "%referrer:char-sep:"%" "%user_agent:char-sep:"%"
