version=2
# HDFS name node and data node logs (yymmdd hhmmss thread level component: message).
prefix=%date:number% %time:number% %thread:number{"format":"number"}% %level:alpha% 
rule=block.receive:dfs.DataNode$DataXceiver: Receiving block %block:word% src: /%src:word% dest: /%dest:word%
rule=block.receive:dfs.DataNode$DataXceiver: Received block %block:word% src: /%src:word% dest: /%dest:word% of size %size:number{"format":"number"}%
rule=block.receive:dfs.DataNode$PacketResponder: Received block %block:word% of size %size:number{"format":"number"}% from /%src:word%
rule=block.receive:dfs.DataNode$PacketResponder: PacketResponder %responder:number{"format":"number"}% for block %block:word% terminating
rule=block.serve:dfs.DataNode$DataXceiver: %node:word% Served block %block:word% to /%dest:word%
rule=block.error:dfs.DataNode$DataXceiver: %node:string-to::Got%:Got exception while serving %block:word% to /%dest:char-to:\x3a%:
rule=block.transfer:dfs.DataNode: %node:word% Starting thread to transfer block %block:word% to %dest:word%
rule=block.delete:dfs.FSDataset: Deleting block %block:word% file %file:word%
rule=block.verify:dfs.DataBlockScanner: Verification succeeded for %block:word%
rule=block.add:dfs.FSNamesystem: BLOCK* NameSystem.addStoredBlock: blockMap updated: %node:word% is added to %block:word% size %size:number{"format":"number"}%
rule=block.delete:dfs.FSNamesystem: BLOCK* NameSystem.delete: %block:word% is added to invalidSet of %node:word%
rule=block.allocate:dfs.FSNamesystem: BLOCK* NameSystem.allocateBlock: %file:word% %block:word%
rule=block.replicate:dfs.FSNamesystem: BLOCK* ask %node:word% to replicate %block:word% to datanode(s) %dest:word%
rule=block.delete:dfs.FSNamesystem: BLOCK* ask %node:word% to delete  %blocks:rest%
rule=:%component:char-to:\x3a%: %message:rest%
