version=2
# Proxifier connection logs.
type=@size:%bytes:number{"format":"number"}% bytes
type=@size:%bytes:number{"format":"number"}% bytes (%size:char-to:)%)
type=@program:%name:word%
type=@program:%name:word% *%bits:number{"format":"number"}%
prefix=[%date:word% %time:time-24hr%] %program:@program% - %target:char-to:\x3a%:%port:number{"format":"number"}% 
rule=open:open through proxy %proxy:word% %protocol:word%
rule=open:open directly
rule=close:close, %sent:@size% sent, %received:@size% received, lifetime %lifetime:rest%
rule=error:error : %message:rest%
