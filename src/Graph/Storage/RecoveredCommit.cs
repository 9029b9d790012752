using FASTER.core;

namespace AuthzGraph.Graph.Storage;

/// <summary>
/// Tells FASTER where our own recovery found the log to end, in the only form it listens to: the metadata of a commit.
/// Commits themselves write nothing here, since the records in the log say all there is to say.
/// </summary>
internal sealed class RecoveredCommit(long begin, long until) : ILogCommitManager
{
    private const long Number = 1;

    public IEnumerable<long> ListCommits() => [Number];

    public byte[] GetCommitMetadata(long commitNum) =>
        new FasterLogRecoveryInfo { BeginAddress = begin, UntilAddress = until, CommitNum = Number }.ToByteArray();

    public void Commit(long beginAddress, long untilAddress, byte[] commitMetadata, long commitNum, bool forceWriteMetadata) { }
    public void RemoveCommit(long commitNum) { }
    public void RemoveAllCommits() { }
    public void OnRecovery(long commitNum) { }
    public void Dispose() { }
}
