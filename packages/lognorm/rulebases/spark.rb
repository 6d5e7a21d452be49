version=2
# Spark executor logs (yy/mm/dd time LEVEL component: message).
prefix=%date:word% %time:time-24hr% %level:alpha% %component:char-to:\x3a%: 
rule=task:Running task %task:float% in stage %stage:float% (TID %tid:number%)
rule=task:Finished task %task:float% in stage %stage:float% (TID %tid:number%). %bytes:number% bytes result sent to driver
rule=task:Got assigned task %tid:number%
rule=block:Found block %block:word% locally
rule=block:Block %block:word% stored as %form:word% in memory (estimated size %size:float% %size_unit:char-to:,%, free %free:float% %free_unit:char-to:)%)
rule=block:Partition %block:word% not found, computing it
rule=broadcast:Started reading broadcast variable %variable:number%
rule=broadcast:Reading broadcast variable %variable:number% took %ms:number% ms
rule=python:Times: total = %total_ms:word% boot = %boot_ms:word% init = %init_ms:word% finish = %finish_ms:number%
rule=input:Input split: %split:rest%
rule=:%message:rest%
