using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Storage.Checkpoints;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage;

/// <summary>History from the log behind a checkpoint.</summary>
public sealed class PastTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Past_versions_and_the_checkpoint_tell_every_revision_the_log_is_kept_for()
    {
        Random random = new(8);
        SortedDictionary<(uint, uint, uint), StoredEdge> live = [];
        List<string> states = [""];
        await using (FasterTransactionLog log = FasterTransactionLog.Open(_directory.Path))
        {
            for (ulong revision = 1; revision <= 300; revision++)
            {
                await log.AppendDurablyAsync(Step(random, revision, live));
                states.Add(Text(live.Values));
            }
            await log.Checkpoint.TakeAsync(CancellationToken.None);
        }
        await using FasterTransactionLog reopened = FasterTransactionLog.Open(_directory.Path);
        Recorded recorded = new();
        reopened.Checkpoint.Load(recorded);
        new PastVersions(reopened, recorded).Rebuild();
        Assert.Equal(300, recorded.Commits.Count);
        for (int revision = 1; revision <= 300; revision++)
        {
            Assert.Equal((new Revision((ulong)revision), Transactions.InstantOf((ulong)revision)), recorded.Commits[revision - 1]);
            Assert.Equal(states[revision], Text(recorded.At((ulong)revision)));
        }
    }

    /// <summary>A transaction as the writer makes them: overwrites and deletes say what they replace.</summary>
    private static LogTransaction Step(Random random, ulong revision, SortedDictionary<(uint, uint, uint), StoredEdge> live)
    {
        Dictionary<(uint, uint, uint), LogEntry> entries = [];
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            (uint type, uint resource, uint subject) key = ((uint)random.Next(1, 3), (uint)random.Next(1, 6), (uint)random.Next(1, 6));
            if (entries.ContainsKey(key)) continue;
            bool isThere = live.TryGetValue(key, out StoredEdge before);
            Window window = new(Instant.Beginning, Transactions.InstantOf(1_000_000).Plus(random.Next(1, 1_000)));
            uint caveat = (uint)random.Next(3);
            if (isThere && random.Next(2) == 0)
            {
                entries[key] = LogEntry.Remove(key.type, key.resource, key.subject, before.Window, before.Caveat);
                live.Remove(key);
                continue;
            }
            entries[key] = isThere
                ? LogEntry.Replace(key.type, key.resource, key.subject, window, caveat, before.Window, before.Caveat)
                : LogEntry.Put(key.type, key.resource, key.subject, window, caveat);
            live[key] = new StoredEdge(key.type, key.resource, key.subject, caveat, revision, window);
        }
        return new LogTransaction(new Revision(revision), Transactions.InstantOf(revision), [.. entries.Values]);
    }

    private static string Text(IEnumerable<StoredEdge> edges) => string.Join('\n', edges);

    private sealed class Recorded : ICheckpointReceiver, IPastReceiver
    {
        private readonly List<(StoredEdge Edge, ulong Deleted)> _versions = [];

        public List<(Revision, Instant)> Commits { get; } = [];

        public void Begin(CheckpointHead head, CheckpointCounts counts) { }
        public void Schema(StoredSchema schema) { }
        public void Text(CheckpointPart part, uint number, string text) { }
        public void Name(uint objectType, uint number, ReadOnlySpan<byte> name) { }
        public void Key(StoredKey key) { }

        public void Edges(ReadOnlySpan<StoredEdge> edges)
        {
            foreach (StoredEdge edge in edges) _versions.Add((edge, ulong.MaxValue));
        }

        public void PutPast(in StoredEdge edge, Revision deleted) => _versions.Add((edge, deleted.Value));

        public void Committed(Revision revision, Instant committedAt, string? schema) => Commits.Add((revision, committedAt));

        public IEnumerable<StoredEdge> At(ulong revision) => _versions
            .Where(v => v.Edge.Created <= revision && revision < v.Deleted).Select(v => v.Edge)
            .OrderBy(e => (e.EdgeType, e.Resource, e.Subject));
    }
}
