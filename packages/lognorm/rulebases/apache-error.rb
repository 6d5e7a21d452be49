version=2
# Error log of the Apache HTTP server, 2.0 and 2.2 style.
prefix=[%weekday:alpha% %month:alpha% %day:number% %time:time-24hr% %year:number%] [%level:alpha%] 
rule=client:[client %client:char-to:]%] Directory index forbidden by rule: %path:rest%
rule=client:[client %client:char-to:]%] File does not exist: %path:rest%
rule=client:[client %client:char-to:]%] %message:rest%
rule=mod_jk:jk2_init() Found child %child:number% in scoreboard slot %slot:number%
rule=mod_jk:jk2_init() Can't find child %child:number% in scoreboard
rule=mod_jk:workerEnv.init() ok %file:rest%
rule=mod_jk:mod_jk child workerEnv in error state %state:number%
rule=mod_jk:mod_jk child init %state:number% %code:word%
rule=:%message:rest%
