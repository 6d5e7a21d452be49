version=2
# Hadoop daemons and jobs (log4j: date time,ms LEVEL [thread] class: message).
prefix=%date:date-iso% %time:time-24hr%,%ms:number{"format":"number"}% %level:alpha% [%thread:string-to:] %] %class:char-to:\x3a%: 
rule=progress:Progress of TaskAttempt %attempt:word% is : %progress:float{"format":"number"}%
rule=lease:Failed to renew lease for [%client:char-to:]%] for %seconds:number{"format":"number"}% seconds.  Will retry shortly ...
rule=connection:Address change detected. Old: %old:word% New: %new:word%
rule=connection:Retrying connect to server: %server:char-to: %. Already tried %tries:number{"format":"number"}% time(s); retry policy is %policy:rest%
rule=schedule:Recalculating schedule, headroom=<memory:%memory:number{"format":"number"}%, vCores:%cores:char-to:>%>
rule=transition:%attempt:word% TaskAttempt Transitioned from %from:word% to %to:word%
rule=:%message:rest%
