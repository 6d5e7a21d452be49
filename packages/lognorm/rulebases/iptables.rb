version=2
# Packet log of the Linux kernel's netfilter with a traditional syslog header.
# The text before " IN=" is the log prefix of the firewall rule. It is looked for first: a prefix such as DROP looks like a flag.
prefix=%date:date-rfc3164% %host:word% kernel: 
rule=packet:%[{"type":"literal","text":"[","priority":0},{"name":"uptime","type":"char-to","extradata":"]"},{"type":"literal","text":"] "}]%%{"name":"log_prefix","type":"string-to","extradata":" IN=","priority":1}% %.:v2-iptables%
rule=packet:%[{"type":"literal","text":"[","priority":0},{"name":"uptime","type":"char-to","extradata":"]"},{"type":"literal","text":"] "}]%%.:v2-iptables%
rule=packet:%{"name":"log_prefix","type":"string-to","extradata":" IN=","priority":1}% %.:v2-iptables%
rule=packet:%.:v2-iptables%
