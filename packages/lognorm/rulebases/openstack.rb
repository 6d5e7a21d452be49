version=2
# OpenStack Nova logs (file date time pid LEVEL component [request] message).
prefix=%file:word% %date:date-iso% %time:char-to:.%.%ms:number% %pid:number% %level:word% %component:word% 
rule=api:[%request:word% %user:word% %project:word% %-:char-to:]%] %client:word% "%method:word% %uri:word% %protocol:char-to:"%" status: %status:number% len: %length:number% time: %duration:float%
rule=instance:[%request:word% %user:word% %project:word% %-:char-to:]%] [instance: %instance:char-to:]%] %message:rest%
rule=instance:[-] [instance: %instance:char-to:]%] %message:rest%
rule=:[%request:word% %user:word% %project:word% %-:char-to:]%] %message:rest%
rule=:[-] %message:rest%
