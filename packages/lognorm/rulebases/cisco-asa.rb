version=2
# Cisco ASA (also PIX, FTD and FWSM), by the texts of the messages, so that they match with and without the "%ASA-6-302013: " before them.
# src_* is what stands first in the message and dst_* what stands second: of a connection that the ASA calls outbound, the destination stands first.

# What comes before the message: nothing, blanks, "%ASA-level-number: ", and the syslog header of a line from a file.
type=@id:%%ASA-%severity:number{"format":"number"}%-%message_number:number{"format":"number"}%:%-:whitespace%
type=@id:%%PIX-%severity:number{"format":"number"}%-%message_number:number{"format":"number"}%:%-:whitespace%
type=@id:%%FTD-%severity:number{"format":"number"}%-%message_number:number{"format":"number"}%:%-:whitespace%
type=@id:%%FWSM-%severity:number{"format":"number"}%-%message_number:number{"format":"number"}%:%-:whitespace%
type=@id:%%ASA-%class:alpha%-%severity:number{"format":"number"}%-%message_number:number{"format":"number"}%:%-:whitespace%
type=@header:\0
type=@header:%-:whitespace%
type=@header:%.:@id%
type=@header:%-:whitespace%%.:@id%
type=@header:: %.:@id%
type=@header:%-:date-rfc3164% %.:@id%
type=@header:%-:date-rfc3164% %host:word% %.:@id%
type=@header:%-:date-rfc3164% %host:word% : %.:@id%
type=@header:%-:date-rfc3164%: %.:@id%
type=@header:%-:date-rfc5424% %host:word% %.:@id%
type=@header:%-:date-rfc5424% %host:word% : %.:@id%

# One end of a connection: interface:address/port (address/port after translation) (user).
type=@src:%src_interface:char-to:\x3a%:%src_ip:char-to:/ %/%src_port:number{"format":"number"}%
type=@dst:%dst_interface:char-to:\x3a%:%dst_ip:char-to:/ %/%dst_port:number{"format":"number"}%
type=@dst:%dst_interface:char-to:\x3a%:%dst_ip:char-to:/ %/%dst_service:char-sep: %
type=@src_map:\0
type=@src_map: (%src_mapped_ip:char-to:/)%/%src_mapped_port:number{"format":"number"}%)
type=@dst_map:\0
type=@dst_map: (%dst_mapped_ip:char-to:/)%/%dst_mapped_port:number{"format":"number"}%)
type=@src_user:\0
type=@src_user:(%src_user:char-to:)%)
type=@src_user: (%src_user:char-to:)%)
type=@dst_user:\0
type=@dst_user:(%dst_user:char-to:)%)
type=@dst_user: (%dst_user:char-to:)%)
# Without the interface, without the port.
type=@from:%src_ip:char-to:/ %/%src_port:number{"format":"number"}%
type=@to:%dst_ip:char-to:/ %/%dst_port:number{"format":"number"}%
type=@to:%dst_ip:char-to:/ %/%dst_service:char-sep: %
type=@src_any:%src_interface:char-to:\x3a %:%src_ip:char-to:/ %/%src_port:number{"format":"number"}%
type=@src_any:%src_interface:char-to:\x3a %:%src_ip:word%
type=@dst_any:%dst_interface:char-to:\x3a %:%dst_ip:char-to:/ %/%dst_port:number{"format":"number"}%
type=@dst_any:%dst_interface:char-to:\x3a %:%dst_ip:word%
type=@dst_any:%dst_ip:char-to:/ %/%dst_port:number{"format":"number"}%
type=@reason:\0
type=@reason: %reason:string-to: (% (%user:char-to:)%)
type=@reason: %reason:rest%
# After the second end: its user, and of ICMP the type and code.
type=@dst_more:\0
type=@dst_more:(%dst_user:char-to:)%)
type=@dst_more: (%dst_user:char-to:)%)
type=@dst_more: (type %icmp_type:number{"format":"number"}%, code %icmp_code:number{"format":"number"}%)
type=@dst_more:(%dst_user:char-to:)%) (type %icmp_type:number{"format":"number"}%, code %icmp_code:number{"format":"number"}%)
type=@dst_more: (%dst_user:char-to:)%) (type %icmp_type:number{"format":"number"}%, code %icmp_code:number{"format":"number"}%)
type=@icmp:\0
type=@icmp: type %icmp_type:number{"format":"number"}% code %icmp_code:number{"format":"number"}%
type=@dot:\0
type=@dot:.
type=@blanks:\0
type=@blanks:%-:whitespace%
type=@group:\0
type=@group: by access-group "%acl:char-to:"%"%-:rest%
type=@flags: flags %tcp_flags:string-to:  on interface %  on interface %interface:word%
type=@flags: flags %tcp_flags:string-to: on interface % on interface %interface:word%
type=@hash:\0
type=@hash: [%hash:char-to:]%]
prefix=%.:@header%

# Connections: 302013-302016, 302017, 302018, 302020, 302021, 302303, 302304, 302010.
rule=connection.built:Built %direction:word% %protocol:word% connection %connection:number{"format":"number"}% for %.:@src%%.:@src_map%%.:@src_user% to %.:@dst%%.:@dst_map%%.:@dst_user%
rule=connection.built:Built %protocol:word% state-bypass connection %connection:number{"format":"number"}% from %.:@src%%.:@src_map%%.:@src_user% to %.:@dst%%.:@dst_map%%.:@dst_user%
rule=connection.ended:Teardown %protocol:word% connection %connection:number{"format":"number"}% for %.:@src%%.:@src_user% to %.:@dst%%.:@dst_user% duration %duration:word% bytes %bytes:number{"format":"number"}%%.:@reason%
rule=connection.ended:Teardown %protocol:word% state-bypass connection %connection:number{"format":"number"}% from %.:@src%%.:@src_user% to %.:@dst%%.:@dst_user% duration %duration:word% bytes %bytes:number{"format":"number"}%%.:@reason%
rule=connection.built:Built %direction:word% %protocol:literal{"text":"ICMP"}% connection for faddr %src_ip:char-to:/%/%src_port:number{"format":"number"}%%.:@src_user% gaddr %dst_mapped_ip:char-to:/%/%dst_mapped_port:number{"format":"number"}% laddr %dst_ip:char-to:/%/%dst_port:number{"format":"number"}%%.:@dst_user%%.:@icmp%
rule=connection.ended:Teardown %protocol:literal{"text":"ICMP"}% connection for faddr %src_ip:char-to:/%/%src_port:number{"format":"number"}%%.:@src_user% gaddr %dst_mapped_ip:char-to:/%/%dst_mapped_port:number{"format":"number"}% laddr %dst_ip:char-to:/%/%dst_port:number{"format":"number"}%%.:@dst_user%%.:@icmp%
rule=connection:%connections:number{"format":"number"}% in use, %connections_most:number{"format":"number"}% most used

# Translations and hosts: 305005, 305006, 305009-305013, 609001, 609002, 202001.
rule=translation.built:Built %kind:word% %protocol:word% translation from %.:@src%%.:@src_user% to %.:@dst%
rule=translation.built:Built %kind:word% translation from %.:@src_any%%.:@src_user% to %.:@dst_any%
rule=translation.ended:Teardown %kind:word% %protocol:word% translation from %.:@src%%.:@src_user% to %.:@dst% duration %duration:word%
rule=translation.ended:Teardown %kind:word% translation from %.:@src_any%%.:@src_user% to %.:@dst_any% duration %duration:word%
rule=translation.failed:No translation group found for %protocol:word% src %.:@src_any%%.:@src_user% dst %.:@dst_any%%.:@dst_more%
rule=translation.failed:%kind:word% translation creation failed for %protocol:word% src %.:@src_any%%.:@src_user% dst %.:@dst_any%%.:@dst_more%
rule=translation.failed:Asymmetric NAT rules matched for forward and reverse flows; Connection for %protocol:word% src %.:@src_any%%.:@src_user% dst %.:@dst_any%%.:@dst_more% denied due to NAT reverse path failure
rule=translation.failed:Out of address translation slots!
rule=host.built:Built local-host %src_interface:char-to:\x3a%:%src_ip:word%
rule=host.ended:Teardown local-host %src_interface:char-to:\x3a%:%src_ip:word% duration %duration:word%

# Refused packets: 106001, 106002, 106006, 106007, 106010-106018, 106020-106023, 106100-106102, 710002-710006, 313001-313008, 322001, 419001, 419002.
rule=denied:Inbound %protocol:word% connection denied from %.:@from% to %.:@to%%.:@flags%
rule=denied:%protocol:word% Connection denied by outbound list %acl:word% src %src_ip:word% dest %dst_ip:word%
rule=denied:Deny %direction:literal{"text":"inbound"}% %protocol:word% from %.:@from% to %.:@to% on interface %interface:word%
rule=denied:Deny %direction:literal{"text":"inbound"}% %protocol:word% from %.:@from% to %.:@to% due to %reason:rest%
rule=denied:Deny %direction:literal{"text":"inbound"}% %protocol:word% src %.:@src_any%%.:@src_user% dst %.:@dst_any%%.:@dst_more%
rule=denied:Deny %direction:literal{"text":"inbound"}% protocol %protocol:word% src %.:@src_any%%.:@src_user% dst %.:@dst_any%%.:@dst_more%
rule=denied:Deny %direction:literal{"text":"inbound"}% (No xlate) %protocol:word% src %.:@src_any% dst %.:@dst_any%%.:@dst_more%
rule=denied:Deny IP from %src_ip:word% to %dst_ip:char-to:,%, IP options: %ip_options:rest%
rule=denied:Dropping echo request from %src_ip:word% to PAT address %dst_ip:word%
rule=denied:Deny %protocol:word% (no connection) from %.:@from% to %.:@to%%.:@flags%
rule=denied:Deny IP spoof from (%src_ip:char-to:)%) to %dst_ip:word% on interface %interface:word%
rule=denied:Deny IP due to Land Attack from %src_ip:word% to %dst_ip:word%
rule=denied:ICMP packet type %icmp_type:number{"format":"number"}% denied by outbound list %acl:word% src %src_ip:word% dest %dst_ip:word%
rule=denied:Deny IP teardrop fragment (size = %bytes:number{"format":"number"}%, offset = %offset:number{"format":"number"}%) from %src_ip:word% to %dst_ip:word%
rule=denied:Deny %protocol:word% reverse path check from %src_ip:word% to %dst_ip:word% on interface %interface:word%
rule=denied:Deny %protocol:word% connection spoof from %src_ip:word% to %dst_ip:word% on interface %interface:word%
rule=denied:Deny %protocol:word% src %.:@src_any%%.:@src_user% dst %.:@dst_any%%.:@dst_more%%.:@group%
rule=denied:Deny protocol %protocol:word% src %.:@src_any%%.:@src_user% dst %.:@dst_any%%.:@dst_more%%.:@group%
rule=denied:Deny MAC address %src_mac:char-to:,%, possible spoof attempt on interface %interface:word%
rule=acl:access-list %acl:word% %action:word% %protocol:word% %src_interface:char-to:/%/%src_ip:char-to:(%(%src_port:number{"format":"number"}%)%.:@src_user% -> %dst_interface:char-to:/%/%dst_ip:char-to:(%(%dst_port:number{"format":"number"}%)%.:@dst_user% hit-cnt %hits:number{"format":"number"}% %interval:string-to: [% [%hash:char-to:]%]
rule=acl:access-list %acl:word% %action:word% %protocol:word% %src_interface:char-to:/%/%src_ip:char-to:(%(%src_port:number{"format":"number"}%)%.:@src_user% -> %dst_interface:char-to:/%/%dst_ip:char-to:(%(%dst_port:number{"format":"number"}%)%.:@dst_user% hit-cnt %hits:number{"format":"number"}% (%interval:char-to:)%)%.:@hash%
rule=acl:access-list %acl:word% %action:word% %protocol:word% for user '%user:char-to:'%' %src_interface:char-to:/%/%src_ip:char-to:(%(%src_port:number{"format":"number"}%) -> %dst_interface:char-to:/%/%dst_ip:char-to:(%(%dst_port:number{"format":"number"}%) hit-cnt %hits:number{"format":"number"}% %interval:string-to: [% [%hash:char-to:]%]
rule=acl:Number of cached deny-flows for ACL log has reached limit (%limit:number{"format":"number"}%)%-:rest%
rule=denied:%protocol:word% access denied by ACL from %.:@from% to %.:@dst%
rule=denied:%protocol:word% request discarded from %.:@from% to %.:@dst%
rule=denied:%protocol:word% request discarded from %src_ip:word% to %dst_interface:char-to:\x3a%:%dst_ip:word%
rule=permitted:%protocol:word% access permitted from %.:@from% to %.:@dst%
rule=permitted:%protocol:word% access requested from %.:@from% to %.:@dst%
rule=denied:Denied ICMP type=%icmp_type:number{"format":"number"}%, code=%icmp_code:number{"format":"number"}% from %src_ip:word% on interface %interface:word%
rule=denied:Denied ICMPv6 type=%icmp_type:number{"format":"number"}%, code=%icmp_code:number{"format":"number"}% from %src_ip:word% on interface %interface:word%
rule=denied:Denied ICMP type=%icmp_type:number{"format":"number"}%, code=%icmp_code:number{"format":"number"}% from %src_ip:word% on interface %interface:word% to %dst_ip:char-to:\x3a%: no matching session
rule=denied:Denied ICMP type=%icmp_type:number{"format":"number"}%, from laddr %src_ip:word% on interface %interface:word% to %dst_ip:char-to:\x3a%: no matching session
rule=denied:No matching connection for ICMP error message: icmp src %.:@src_any% dst %.:@dst_any%%.:@dst_more% on %interface:word% interface.%-:rest%
rule=denied:Dropping TCP packet from %.:@src% to %.:@dst%, reason: %reason:rest%
rule=denied:Received duplicate TCP SYN from %.:@src% to %.:@dst% with different initial sequence number.
rule=denied:Dropped UDP DNS %kind:word% from %.:@src% to %.:@dst_any%; %reason:rest%
rule=denied:Invalid transport field for protocol=%protocol:char-to:,%, from %.:@from% to %.:@to%
rule=denied:Embryonic connection limit exceeded %connections:number{"format":"number"}%/%limit:number{"format":"number"}% for %direction:word% packet from %.:@from% to %.:@to% on interface %interface:word%
rule=denied:Disallowing new connections.
rule=denied:Routing failed to locate next hop for %protocol:word% from %.:@src% to %.:@dst%
rule=denied:Routing failed to locate next-hop for %protocol:word% from %.:@src% to %.:@dst%
rule=denied:Failed to locate egress interface for %protocol:word% from %.:@src% to %.:@to%
rule=denied:IPS:%signature:number{"format":"number"}% %reason:string-to: from % from %src_ip:word% to %dst_ip:word% on interface %interface:word%
rule=denied:IDS:%signature:number{"format":"number"}% %reason:string-to: from % from %src_ip:word% to %dst_ip:word% on interface %interface:word%
rule=denied:Received ARP %kind:word% collision from %src_ip:char-to:/%/%src_mac:word% on interface %interface:word%%-:rest%
rule=denied:Access denied URL %url:word% SRC %src_ip:word% DEST %dst_ip:word% on interface %interface:word%
rule=denied:Access denied URL %url:word% SRC %src_ip:word% DEST %dst_ip:word%

# Use of URLs and files: 304001, 303002.
rule=url:%src_ip:word% Accessed URL %dst_ip:char-to:\x3a%:%url:rest%
rule=url:%src_ip:word% (%src_user:char-to:)%) Accessed URL %dst_ip:char-to:\x3a%:%url:rest%
rule=ftp:FTP connection from %.:@src% to %.:@dst%, user %user:word% %action:word% file %path:rest%

# People: 109005-109008, 109025, 111001-111010, 113004-113015, 113019, 113039, 315011, 502101-502103, 605004, 605005, 611101-611103, 606001, 606002.
rule=login.success:Authentication succeeded for user '%user:char-to:'%' from %.:@from% to %.:@to% on interface %interface:word%
rule=login.failure:Authentication failed for user '%user:char-to:'%' from %.:@from% to %.:@to% on interface %interface:word%
rule=permitted:Authorization permitted for user '%user:char-to:'%' from %.:@from% to %.:@to% on interface %interface:word%
rule=denied:Authorization denied for user '%user:char-to:'%' from %.:@from% to %.:@to% on interface %interface:word%
rule=denied:Authorization denied (acl=%acl:char-to:)%) for user '%user:char-to:'%' from %.:@from% to %.:@to% on interface %interface:word% using %protocol:word%
rule=login.success:AAA user %kind:word% Successful : server =%-:whitespace%%server:string-to: \x3a % : user = %user:word%
rule=login.success:AAA user %kind:word% Successful : local database : user = %user:word%
rule=login.failure:AAA user %kind:word% Rejected : reason = %reason:string-to: \x3a % : server =%-:whitespace%%server:string-to: \x3a % : user = %user:word%
rule=login.failure:AAA user %kind:word% Rejected : reason = %reason:string-to: \x3a % : server =%-:whitespace%%server:string-to: \x3a % : user = %user:word% : user IP = %src_ip:word%
rule=login.failure:AAA user %kind:word% Rejected : reason = %reason:string-to: \x3a % : local database : user = %user:word%
rule=login.failure:AAA user %kind:word% Rejected : reason = %reason:string-to: \x3a % : local database : user = %user:word% : user IP = %src_ip:word%
rule=aaa:AAA transaction status %status:word% : user = %user:word%
rule=aaa:AAA retrieved default group policy (%policy:char-to:)%) for user = %user:word%
rule=aaa:AAA retrieved user specific group policy (%policy:char-to:)%) for user = %user:word%
rule=aaa:AAA group policy for user %user:word% is being set to %policy:word%
rule=aaa:AAA unable to complete the request Error : reason = %reason:string-to: \x3a % : user = %user:word%
rule=aaa:AAA authentication server not accessible : server =%-:whitespace%%server:string-to: \x3a % : user = %user:word%
rule=aaa:AAA Marking %kind:word% server %server:word% in aaa-server group %group:word% as %status:word%
rule=login.failure:User %user:word% locked out on exceeding %failures:number{"format":"number"}% successive failed authentication attempts
rule=login.success:User authentication succeeded: IP address: %src_ip:char-to:, %, Uname: %user:word%
rule=login.success:User authentication succeeded: Uname: %user:word%
rule=login.failure:User authentication failed: IP address: %src_ip:char-to:, %, Uname: %user:word%
rule=login.failure:User authentication failed: Uname: %user:word%
rule=session:User logged out: Uname: %user:word%
rule=login.success:Login permitted from %.:@from% to %.:@dst% for user "%user:char-sep:"%"
rule=login.failure:Login denied from %.:@from% to %.:@dst% for user "%user:char-sep:"%"
rule=session:SSH session from %src_ip:word% on interface %interface:word% for user "%user:char-sep:"%" disconnected by SSH server, reason: "%reason:char-to:"%"%-:rest%
rule=session:ASDM session number %session:number{"format":"number"}% from %src_ip:word% %action:word%
rule=command:User '%user:char-to:'%' executed the '%command:string-to:' command%' command.
rule=command:User '%user:char-to:'%' executed cmd: %command:rest%
rule=command:User '%user:char-to:'%', running '%application:char-to:'%' from IP %src_ip:char-to:, %, executed '%command:char-to:'%'
rule=command:User '%user:char-to:'%', running '%application:char-to:'%' from IP %src_ip:char-to:, %, executed %command:rest%
rule=configuration:Begin configuration: %src_ip:word% %action:word% to %device:rest%
rule=configuration:Begin configuration: %src_ip:word% %action:word% from %device:rest%
rule=configuration:%src_ip:word% Erase configuration
rule=configuration:%src_ip:word% end configuration: %status:word%
rule=user:New user added to local dbase: Uname: %user:word% Priv: %privilege:number{"format":"number"}% Encpass: %-:rest%
rule=user:User deleted from local dbase: Uname: %user:word% Priv: %privilege:number{"format":"number"}% Encpass: %-:rest%
rule=user:User priv level changed: Uname: %user:word% From: %privilege_before:number{"format":"number"}% To: %privilege:number{"format":"number"}%
rule=user:New group policy added: name: %policy:word% Type: %kind:rest%

# Virtual private networks: 602303, 602304, 713xxx, 715xxx, 716xxx, 722xxx, 734001, 737xxx, 750xxx, 751xxx, 113019, 113039.
rule=vpn.ended:Group = %group:char-to:,%, Username = %user:char-to:,%, IP = %src_ip:char-to:,%, Session disconnected. Session Type: %kind:char-to:,%, Duration: %duration:char-to:,%, Bytes xmt: %bytes_sent:number{"format":"number"}%, Bytes rcv: %bytes_received:number{"format":"number"}%, Reason: %reason:rest%
rule=vpn:Group = %group:char-to:,%, Username = %user:char-to:,%, IP = %src_ip:char-to:,%, %message:rest%
rule=vpn:Group = %group:char-to:,%, IP = %src_ip:char-to:,%, %message:rest%
rule=vpn:IP = %src_ip:char-to:,%, %message:rest%
rule=vpn:Group <%group:char-to:>%> User <%user:char-to:>%> IP <%src_ip:char-to:>%> %message:rest%
rule=vpn.tunnel:IPSEC: An %direction:word% %kind:string-to: SA % SA (SPI= %spi:char-to:)%) between %src_ip:word% and %dst_ip:word% (user= %user:char-to:)%) has been %action:char-to:.%.
rule=vpn:DAP: User %user:char-to:,%, Addr %src_ip:char-to:,%, Connection %kind:char-to:\x3a%: %message:rest%
rule=vpn:IPAA: %message:rest%
rule=vpn:Local:%dst_ip:char-to:\x3a%:%dst_port:number{"format":"number"}% Remote:%src_ip:char-to:\x3a%:%src_port:number{"format":"number"}% Username:%user:word% %message:rest%

# TLS: 725001, 725002, 725006, 725007.
rule=tls:Starting SSL handshake with %kind:word% %.:@src% to %.:@to% for %protocol:word% session%-:@dot%
rule=tls:Starting SSL handshake with %kind:word% %.:@src% for %protocol:word% session%-:@dot%
rule=tls:Device completed SSL handshake with %kind:word% %.:@src% to %.:@to% for %protocol:word% session%-:@dot%
rule=tls:Device completed SSL handshake with %kind:word% %.:@src%
rule=tls:Device failed SSL handshake with %kind:word% %.:@src% to %.:@to% for %protocol:word% session%-:@dot%
rule=tls:Device failed SSL handshake with %kind:word% %.:@src%
rule=tls:SSL session with %kind:word% %.:@src% to %.:@to% for %protocol:word% session terminated%-:@dot%
rule=tls:SSL session with %kind:word% %.:@src% to %.:@to% terminated%-:@dot%
rule=tls:SSL session with %kind:word% %.:@src% terminated%-:@dot%

# The device: 101001-105009, 199002, 211001, 321001, 411001-411004, 604103, 604104, 733100-733102, 771002.
rule=failover:(%unit:char-to:)%) %message:rest%
rule=device:Startup completed.  Beginning operation.
rule=device:Startup completed. Beginning operation.
rule=device:Memory allocation Error
rule=device:Resource '%resource:char-to:'%' limit of %limit:number{"format":"number"}% reached%-:rest%
rule=interface:Line protocol on Interface %interface:char-to:,%, changed state to %state:word%
rule=interface:Configuration status on interface %interface:word% changed state to %state:word%
rule=dhcp:DHCP daemon interface %interface:char-to:\x3a%:  address %action:word% %src_mac:word% (%src_ip:char-to:)%)
rule=dhcp:DHCP daemon interface %interface:char-to:\x3a%: address %action:word% %src_mac:word% (%src_ip:char-to:)%)
rule=threat:[%-:@blanks%%object:char-to:]%] drop %rate:word% exceeded. Current burst rate is %burst_rate:number{"format":"number"}% per second, max configured rate is %burst_limit:number{"format":"number"}%; Current average rate is %average_rate:number{"format":"number"}% per second, max configured rate is %average_limit:number{"format":"number"}%; Cumulative total count is %count:number{"format":"number"}%
rule=threat:[%-:@blanks%%object:char-to:]%] drop %rate:word% %-:word% exceeded. Current burst rate is %burst_rate:number{"format":"number"}% per second, max configured rate is %burst_limit:number{"format":"number"}%; Current average rate is %average_rate:number{"format":"number"}% per second, max configured rate is %average_limit:number{"format":"number"}%; Cumulative total count is %count:number{"format":"number"}%
rule=threat:Threat-detection adds host %src_ip:word% to shun list
rule=threat:Threat-detection removes host %src_ip:word% from shun list
rule=device:CLOCK: System clock set, source: %source:char-to:,%, IP: %src_ip:char-to:,%, before: %before:char-to:,%, after: %after:rest%

annotate=denied:+outcome="failure"
annotate=login.failure:+outcome="failure"
annotate=login.success:+outcome="success"
annotate=permitted:+outcome="success"
