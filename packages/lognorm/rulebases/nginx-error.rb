version=2
# Error log of nginx. Access logs are in the format of apache-access.rb.
prefix=%date:word% %time:time-24hr% [%level:alpha%] %pid:number%#%tid:number%: 
rule=request:*%connection:number% %message:string-to:, client\x3a %, client: %client:char-to:,%, server: %server:char-to:,%, request: "%method:word% %uri:word% %protocol:char-to:"%", host: "%host:char-to:"%"
rule=request:*%connection:number% %message:string-to:, client\x3a %, client: %client:char-to:,%, server: %server:char-to:,%, request: "%method:word% %uri:word% %protocol:char-to:"%", host: "%host:char-to:"%", referrer: "%referrer:char-to:"%"
rule=upstream:*%connection:number% %message:string-to:, client\x3a %, client: %client:char-to:,%, server: %server:char-to:,%, request: "%method:word% %uri:word% %protocol:char-to:"%", upstream: "%upstream:char-to:"%", host: "%host:char-to:"%"
rule=:*%connection:number% %message:rest%
rule=:%message:rest%
