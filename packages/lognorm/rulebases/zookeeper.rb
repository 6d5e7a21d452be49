version=2
# ZooKeeper server logs (log4j: date time,ms - LEVEL [thread:class@line] - message).
prefix=%date:date-iso% %time:time-24hr%,%ms:number{"format":"number"}% - %level:alpha%%-:whitespace%[%thread:string-to:] -%] - 
rule=connection:Received connection request /%peer_ip:ipv4%:%peer_port:number{"format":"number"}%
rule=connection:Accepted socket connection from /%peer_ip:ipv4%:%peer_port:number{"format":"number"}%
rule=connection:Closed socket connection for client /%peer_ip:ipv4%:%peer_port:number{"format":"number"}% which had sessionid %session:word%
rule=connection:Closed socket connection for client /%peer_ip:ipv4%:%peer_port:number{"format":"number"}% (no session established for client)
rule=connection:Connection request from old client /%peer_ip:ipv4%:%peer_port:number{"format":"number"}%; will be dropped if server is in r-o mode
rule=connection:Cannot open channel to %peer_id:number{"format":"number"}% at election address /%peer_ip:ipv4%:%peer_port:number{"format":"number"}%
rule=connection:Connection broken for id %peer_id:number{"format":"number"}%, my id = %own_id:number{"format":"number"}%, error = %error:rest%
rule=session:Client attempting to establish new session at /%peer_ip:ipv4%:%peer_port:number{"format":"number"}%
rule=session:Client attempting to renew session %session:word% at /%peer_ip:ipv4%:%peer_port:number{"format":"number"}%
rule=session:Established session %session:word% with negotiated timeout %timeout:number{"format":"number"}% for client /%peer_ip:ipv4%:%peer_port:number{"format":"number"}%
rule=session:Expiring session %session:char-to:,%, timeout of %timeout:number{"format":"number"}%ms exceeded
rule=session:Processed session termination for sessionid: %session:word%
rule=session:Revalidating client: %session:word%
rule=election:Notification time out: %timeout:number{"format":"number"}%
rule=election:Notification: %leader:number{"format":"number"}% (n.leader), %zxid:word% (n.zxid), %round:word% (n.round), %state:word% (n.state), %peer_id:number{"format":"number"}% (n.sid), %epoch:word% (n.peerEPoch), %own_state:word% (my state)
rule=worker:Interrupted while waiting for message on queue
rule=worker:Interrupting SendWorker
rule=worker:Send worker leaving thread
rule=environment:Server environment:%name:char-to:=%=%value:rest%
rule=:%message:rest%
