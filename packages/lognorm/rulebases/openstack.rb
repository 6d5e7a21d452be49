version=2
# OpenStack Nova logs (file date time pid LEVEL component [request] message).
prefix=%file:word% %date:date-iso% %time:char-to:.%.%ms:number{"format":"number"}% %pid:number{"format":"number"}% %level:word% %component:word% 
rule=api:[%request:word% %user:word% %project:word% %-:char-to:]%] %client:word% "%method:word% %uri:word% %protocol:char-to:"%" status: %status:number{"format":"number"}% len: %length:number{"format":"number"}% time: %duration:float{"format":"number"}%
rule=instance:[%request:word% %user:word% %project:word% %-:char-to:]%] [instance: %instance:char-to:]%] %message:rest%
rule=instance:[-] [instance: %instance:char-to:]%] %message:rest%
rule=:[%request:word% %user:word% %project:word% %-:char-to:]%] %message:rest%
rule=:[-] %message:rest%
