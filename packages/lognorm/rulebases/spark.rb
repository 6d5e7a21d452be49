version=2
# Spark executor logs (yy/mm/dd time LEVEL component: message).
prefix=%date:word% %time:time-24hr% %level:alpha% %component:char-to:\x3a%: 
rule=task:Running task %task:float% in stage %stage:float% (TID %tid:number{"format":"number"}%)
rule=task:Finished task %task:float% in stage %stage:float% (TID %tid:number{"format":"number"}%). %bytes:number{"format":"number"}% bytes result sent to driver
rule=task:Got assigned task %tid:number{"format":"number"}%
rule=block:Found block %block:word% locally
rule=block:Block %block:word% stored as %form:word% in memory (estimated size %size:float{"format":"number"}% %size_unit:char-to:,%, free %free:float{"format":"number"}% %free_unit:char-to:)%)
rule=block:Partition %block:word% not found, computing it
rule=broadcast:Started reading broadcast variable %variable:number{"format":"number"}%
rule=broadcast:Reading broadcast variable %variable:number{"format":"number"}% took %ms:number{"format":"number"}% ms
rule=python:Times: total = %total_ms:word% boot = %boot_ms:word% init = %init_ms:word% finish = %finish_ms:number{"format":"number"}%
rule=input:Input split: %split:rest%
rule=:%message:rest%
