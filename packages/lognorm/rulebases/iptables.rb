version=2
# Packet log of the Linux kernel's netfilter with a traditional syslog header.
# The text before IN= is the log prefix of the firewall rule.
prefix=%date:date-rfc3164% %host:word% kernel: 
rule=packet:%.:v2-iptables%
rule=packet:[%uptime:char-to:]%] %.:v2-iptables%
rule=packet:[%uptime:char-to:]%] %log_prefix:string-to:IN=%%.:v2-iptables%
rule=packet:%log_prefix:string-to:IN=%%.:v2-iptables%
