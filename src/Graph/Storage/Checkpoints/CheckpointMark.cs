namespace AuthzGraph.Graph.Storage.Checkpoints;

/// <summary>What the manifest says of a checkpoint that was verified. It holds everything up to its position in the log.</summary>
/// <param name="Number">Which file; numbers grow and are not used again.</param>
/// <param name="Checksum">Of its last block, which seals all the others.</param>
internal readonly record struct CheckpointMark(ulong Number, LogPosition Position, long Bytes, uint Checksum);
