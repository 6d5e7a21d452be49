version=2
# Packet log of the Linux kernel's netfilter: iptables and nftables, IPv4 and IPv6, also with ufw's and other prefixes.
# What is empty is left out.

# What comes before the message: nothing, blanks, or the syslog header of a line from a file.
type=@header:\0
type=@header:%-:whitespace%
type=@header:%-:date-rfc3164% %host:word% kernel:%-:whitespace%
type=@header:%-:date-rfc5424% %host:word% kernel:%-:whitespace%

# The kernel's own time.
type=@uptime:\0
type=@uptime:[%-:float%] 
type=@uptime:[%-:whitespace%%-:float%] 
# The text that the firewall's rule puts before the packet, if any.
type=@start:IN=
type=@start:%log_prefix:string-to: IN=% IN=
type=@start:%log_prefix:string-to:IN=%IN=
type=@in: 
type=@in:%in_interface:word% 
type=@out:OUT= 
type=@out:OUT=%out_interface:word% 
type=@bridge:\0
type=@bridge:PHYSIN=%in_port:word% 
type=@bridge:PHYSOUT=%out_port:word% 
type=@bridge:PHYSIN=%in_port:word% PHYSOUT=%out_port:word% 
type=@mac:\0
type=@mac:MAC= 
type=@mac:MAC=%mac:word% 
type=@mac:MACSRC=%src_mac:word% MACDST=%dst_mac:word% MACPROTO=%ethertype:word% 
type=@mac:MACSRC=%src_mac:word% MACDST=%dst_mac:word% MACPROTO=%ethertype:word% MAC=%mac:word% 
type=@ip:LEN=%length:number{"format":"number"}% TOS=%tos:word% PREC=%precedence:word% TTL=%ttl:number{"format":"number"}% ID=%id:number{"format":"number"}% 
type=@ip:LEN=%length:number{"format":"number"}% TC=%traffic_class:number{"format":"number"}% HOPLIMIT=%ttl:number{"format":"number"}% FLOWLBL=%flow_label:number{"format":"number"}% 
type=@ip_flags:\0
type=@ip_flags:%ip_flags:literal{"text":"DF"}% 
type=@ip_flags:%ip_flags:literal{"text":"MF"}% 
type=@ip_flags:%ip_flags:literal{"text":"CE"}% 
type=@ip_flags:%ip_flags:literal{"text":"CE DF"}% 
type=@fragment:\0
type=@fragment:FRAG:%fragment:number{"format":"number"}% 
type=@sequence:\0
type=@sequence:SEQ=%sequence:number{"format":"number"}% ACK=%acknowledged:number{"format":"number"}% 
type=@tcp_flags:URGP=
type=@tcp_flags:%tcp_flags:string-to: URGP=% URGP=
type=@icmp_more:\0
type=@icmp_more: ID=%icmp_id:number{"format":"number"}% SEQ=%icmp_sequence:number{"format":"number"}%
type=@icmp_more: MTU=%mtu:number{"format":"number"}%
type=@icmp_more: GATEWAY=%gateway:word%
type=@icmp_more: [%original:char-to:]%]
type=@icmp_more: [%original:char-to:]%] MTU=%mtu:number{"format":"number"}%
type=@icmp_more: GATEWAY=%gateway:word% [%original:char-to:]%]
# What may follow the packet: its options, its owner, its mark.
type=@blanks:\0
type=@blanks:%-:whitespace%
type=@options:\0
type=@options:OPT (%tcp_options:char-to:)%)%-:@blanks%
type=@owner:\0
type=@owner:UID=%uid:number{"format":"number"}%%-:@blanks%
type=@owner:UID=%uid:number{"format":"number"}% GID=%gid:number{"format":"number"}%%-:@blanks%
type=@mark:\0
type=@mark:MARK=%mark:word%%-:@blanks%
type=@tail:\0
type=@tail: %.:@options%%.:@owner%%.:@mark%

prefix=%.:@header%%-:@uptime%%.:@start%%.:@in%%.:@out%%.:@bridge%%.:@mac%SRC=%src_ip:word% DST=%dst_ip:word% %.:@ip%%.:@ip_flags%%.:@fragment%PROTO=
rule=packet:%protocol:literal{"text":"TCP"}% SPT=%src_port:number{"format":"number"}% DPT=%dst_port:number{"format":"number"}% %.:@sequence%WINDOW=%window:number{"format":"number"}% RES=%-:word% %.:@tcp_flags%%urgent:number{"format":"number"}%%.:@tail%
rule=packet:%protocol:literal{"text":"UDP"}% SPT=%src_port:number{"format":"number"}% DPT=%dst_port:number{"format":"number"}% LEN=%payload_length:number{"format":"number"}%%.:@tail%
rule=packet:%protocol:literal{"text":"UDPLITE"}% SPT=%src_port:number{"format":"number"}% DPT=%dst_port:number{"format":"number"}% LEN=%payload_length:number{"format":"number"}%%.:@tail%
rule=packet:%protocol:literal{"text":"SCTP"}% SPT=%src_port:number{"format":"number"}% DPT=%dst_port:number{"format":"number"}%%.:@tail%
rule=packet:%protocol:literal{"text":"ICMP"}% TYPE=%icmp_type:number{"format":"number"}% CODE=%icmp_code:number{"format":"number"}%%.:@icmp_more%%.:@tail%
rule=packet:%protocol:literal{"text":"ICMPv6"}% TYPE=%icmp_type:number{"format":"number"}% CODE=%icmp_code:number{"format":"number"}%%.:@icmp_more%%.:@tail%
rule=packet:%protocol:word% SPI=%spi:word%%.:@tail%
rule=packet:%protocol:word%%.:@tail%

# Any other order of fields, and fields that are not known here: slower, with the same names.
# The first LEN is the packet's, a second one its payload's.
type=@known:SRC=%src_ip:word%
type=@known:DST=%dst_ip:word%
type=@known:SPT=%src_port:number{"format":"number"}%
type=@known:DPT=%dst_port:number{"format":"number"}%
type=@known:PROTO=%protocol:word%
type=@known:IN=%in_interface:word%
type=@known:OUT=%out_interface:word%
type=@known:MAC=%mac:word%
type=@known:TTL=%ttl:number{"format":"number"}%
type=@known:HOPLIMIT=%ttl:number{"format":"number"}%
type=@known:ID=%id:number{"format":"number"}%
type=@known:TYPE=%icmp_type:number{"format":"number"}%
type=@known:CODE=%icmp_code:number{"format":"number"}%
type=@known:WINDOW=%window:number{"format":"number"}%
type=@known:MARK=%mark:word%
type=@known:UID=%uid:number{"format":"number"}%
type=@known:GID=%gid:number{"format":"number"}%
type=@more:\0
type=@more: LEN=%payload_length:number{"format":"number"}%%.:@more%
type=@more: %.:@known%%.:@more%
type=@more: %-:word%%.:@more%
type=@more:%-:whitespace%
type=@pairs:\0
type=@pairs: LEN=%length:number{"format":"number"}%%.:@more%
type=@pairs: %.:@known%%.:@pairs%
type=@pairs: %-:word%%.:@pairs%
type=@pairs:%-:whitespace%
# Orders in which IN does not come first have no prefix.
type=@first:SRC=%src_ip:word%
type=@first:DST=%dst_ip:word%
type=@first:MAC=%mac:word%
type=@first:PROTO=%protocol:word%
type=@first:OUT=%out_interface:word%
prefix=%.:@header%%-:@uptime%
rule=packet:%{"name":".","type":"@first","priority":1}%%.:@pairs%
rule=packet:%.:@start%%in_interface:word%%{"name":".","type":"@pairs","priority":40000}%
rule=packet:%.:@start%%{"name":".","type":"@pairs","priority":40000}%
