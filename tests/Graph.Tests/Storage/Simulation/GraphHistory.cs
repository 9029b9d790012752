using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Tests.Retention;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Storage.Simulation;

/// <summary>
/// Some lives of a whole graph on a simulated disk: writes, schemas, checkpoints, reclamation and passing hours, each life ended by a loss
/// of power, a failing write or read, or a clean shutdown. After each, the graph must show what was acknowledged and nothing that was not
/// asked for, at its head and at older revisions, must be what replay from the log's beginning makes, and tell its watchers each change.
/// </summary>
internal sealed class GraphHistory(int seed)
{
    private const int Lives = 4;
    private const long HourMicroseconds = 3_600_000_000;
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-01-01T00:00:00Z");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Random _random = new(seed);
    private readonly ManualTime _time = new($"{Start:O}");
    private readonly Chronicle _chronicle = new(new Random(seed));
    private SimulatedDisk _disk = new(new Random(seed));
    private TimeSpan _passed;
    private int _acknowledged;

    public int Crashes { get; private set; }
    public int Dropped { get; private set; }
    public int Failures { get; private set; }
    public int PastRead { get; private set; }
    public int BehindCheckpoint { get; private set; }
    public int TooOld { get; private set; }
    public int FromZero { get; private set; }

    /// <summary>Of all histories that were run with it.</summary>
    public required NumberCounts Numbers { get; init; }

    private Instant Now => Instant.From(_time.GetUtcNow());
    // a clock that was reopened is up to a second ahead, so that it never runs backwards
    private Instant Retained => Now.Plus(-24 * HourMicroseconds + 1_000_000);
    private int Era => (int)_passed.TotalHours / 6;

    public async Task RunAsync()
    {
        for (int life = 0; life < Lives; life++) await LiveAsync();
        await using AuthorizationGraph last = await OpenAsync(_disk);
        await CheckAsync(last);
        await _chronicle.WriteSchemaAsync(last, Now);
        await _chronicle.WriteAsync(last, Now, Era);
        _chronicle.Expect(last, _chronicle.Revisions[^1], Now);
    }

    private async Task LiveAsync()
    {
        int before = _acknowledged;
        _disk.CrashAfter(_random.Next(160), () => Volatile.Read(ref _acknowledged));
        switch (_random.Next(6))
        {
            case 0: _disk.FailWrite(_random.Next(80)); break;
            case 1: _disk.FailRead(_random.Next(60)); break;
        }
        try
        {
            await using AuthorizationGraph graph = await OpenAsync(_disk);
            await CheckAsync(graph);
            await WorkAsync(graph);
        }
        catch (Exception e) when (IsExpected(e))
        {
            // The disk failed while the store was opened or looked at: nothing was asked of it.
        }
        if (_disk.Failed || _disk.ReadFailed) Failures++;
        Crashes++;
        (_disk, _acknowledged) = _disk.Crash ?? (_disk.LosePower(), _acknowledged);
        _acknowledged = Math.Max(before, _acknowledged);
    }

    private bool IsExpected(Exception e) =>
        (_disk.Failed || _disk.ReadFailed) && e is StoreFailedException or RejectionException { Code: RejectionCode.Unavailable };

    private async Task CheckAsync(AuthorizationGraph graph)
    {
        int there = (int)graph.Snapshot().Revision.Value;
        Assert.True(there >= _acknowledged, $"{_acknowledged} were acknowledged, {there} are there");
        Assert.True(there <= _chronicle.Revisions.Count, $"{_chronicle.Revisions.Count} were written, {there} are there");
        Dropped += _chronicle.Revisions.Count - there;
        _chronicle.Rewind(new Revision((ulong)there));
        Volatile.Write(ref _acknowledged, there);
        if (there == 0) return;
        _chronicle.Expect(graph, _chronicle.Revisions[^1], Now);
        CheckPast(graph, mayBeRebuilding: true);
        Revision loaded = graph.OldestRevision;
        await graph.RebuiltAsync().WaitAsync(Patience);
        if (graph.OldestRevision < loaded) BehindCheckpoint++;
        Assert.False(graph.Notices.Any(notice => notice.Contains("history ends", StringComparison.Ordinal)), string.Join("\n", graph.Notices));
        for (int i = 0; i < 3; i++) CheckPast(graph, mayBeRebuilding: false);
        await _chronicle.ExpectWatchesAsync(graph, Retained, 2).WaitAsync(Patience);
        await CompareWithReplayFromZeroAsync(graph);
    }

    /// <summary>A revision from the past, the oldest that is retained among them, shows what it did, or is too old to.</summary>
    private void CheckPast(AuthorizationGraph graph, bool mayBeRebuilding)
    {
        Chronicle.Past past = _random.Next(3) == 0
            ? _chronicle.Revisions.LastOrDefault(p => p.At < Retained) ?? _chronicle.Revisions[0]
            : _chronicle.Revisions[_random.Next(_chronicle.Revisions.Count)];
        try
        {
            _chronicle.Expect(graph, past, Now);
            PastRead++;
        }
        catch (RejectionException refusal) when (refusal.Reason == "HISTORY_REBUILDING" && mayBeRebuilding)
        {
        }
        catch (RejectionException refusal) when (refusal.Reason == "REVISION_TOO_OLD" && (past.At < Retained || _disk.Failed))
        {
            TooOld++;
        }
    }

    /// <summary>While the log reaches back to its beginning, a store without its checkpoints must come out the same.</summary>
    private async Task CompareWithReplayFromZeroAsync(AuthorizationGraph graph)
    {
        SimulatedDisk bare = _disk.LosePower();
        if (Manifest.Decode(SlotFile.Open(new SimulatedSlots(bare, SimulatedStore.Manifest), Manifest.Format).Content).Begin != LogPosition.Origin) return;
        foreach (string file in bare.Files().Where(f => f.StartsWith("checkpoint.", StringComparison.Ordinal))) bare = bare.Damaged(file, _ => null);
        await using AuthorizationGraph replayed = await OpenAsync(bare);
        Assert.Equal(graph.Snapshot().Revision, replayed.Snapshot().Revision);
        FromZero++;
        _chronicle.Expect(replayed, _chronicle.Revisions[^1], Now);
        Chronicle.Past[] readable = [.. _chronicle.Revisions.Where(p => p.Revision >= replayed.OldestRevision && p.Revision >= graph.OldestRevision)];
        foreach (Chronicle.Past past in readable.Where(_ => _random.Next(readable.Length) < 3))
        {
            _chronicle.Expect(replayed, past, Now);
            _chronicle.Expect(graph, past, Now);
        }
    }

    private async Task WorkAsync(AuthorizationGraph graph)
    {
        List<Task> waiters = [];
        int count = _random.Next(1, 40);
        if (_chronicle.Revisions.Count == 0) waiters.Add(DoneAsync(_chronicle.WriteSchemaAsync(graph, Now)));
        for (int i = 0; i < count && _disk.Crash is null && graph.Failure is null; i++)
        {
            if (waiters.Count > 0 && _random.Next(3) == 0) await Task.WhenAll(waiters).WaitAsync(Patience);
            switch (_random.Next(24))
            {
                // a schema is judged by what is there already, and an import comes some time after it was asked for
                case 0: await AloneAsync(waiters, () => _chronicle.WriteSchemaAsync(graph, Now)); break;
                case 20: await AloneAsync(waiters, () => _chronicle.ImportAsync(graph, Now, Era)); break;
                case 21: await MaintainAsync(_chronicle.ResendAsync(graph, Retained)).WaitAsync(Patience); break;
                case 22: waiters.Add(DoneAsync(_chronicle.DeleteAsync(graph, Now, Era))); break;
                case 1 or 2: waiters.Add(MaintainAsync(graph.CheckpointAsync().AsTask())); break;
                case 3: await MaintainAsync(graph.ReclaimAsync()).WaitAsync(Patience); break;
                case 4: waiters.Add(DoneAsync(_chronicle.ForgetAsync(graph, Now, Era))); break;
                case 5 or 6: await PassAsync(waiters); break;
                default: waiters.Add(DoneAsync(_chronicle.WriteAsync(graph, Now, Era))); break;
            }
        }
        await Task.WhenAll(waiters).WaitAsync(Patience);
    }

    private async Task AloneAsync(List<Task> waiters, Func<Task> write)
    {
        await Task.WhenAll(waiters).WaitAsync(Patience);
        waiters.Add(DoneAsync(write()));
        await Task.WhenAll(waiters).WaitAsync(Patience);
    }

    /// <summary>Some hours or days; not while a write is under way, whose instant the chronicle has noted.</summary>
    private async Task PassAsync(List<Task> waiters)
    {
        await Task.WhenAll(waiters).WaitAsync(Patience);
        _passed += TimeSpan.FromMinutes(_random.Next(1, _random.Next(3) == 0 ? 5_000 : 300));
        _time.Set($"{Start + _passed:O}");
    }

    private async Task DoneAsync(Task write)
    {
        int revision = _chronicle.Revisions.Count;      // of this write or of one before it
        try
        {
            await write;
            InterlockedMax(revision);
        }
        catch (Exception e) when (_disk.Failed && IsExpected(e))
        {
        }
    }

    private async Task MaintainAsync(Task upkeep)
    {
        try
        {
            await upkeep;
        }
        catch (Exception e) when (IsExpected(e))
        {
        }
    }

    private void InterlockedMax(int revision)
    {
        lock (_chronicle) Volatile.Write(ref _acknowledged, Math.Max(_acknowledged, revision));
    }

    private Task<AuthorizationGraph> OpenAsync(SimulatedDisk disk) => AuthorizationGraph.OpenAsync(
        new GraphOptions { Storage = new StorageLocation.Memory(), Time = _time, EdgeKey = default(EdgeKey) },
        () => new CountedLog(SimulatedStore.Open(disk, shape: SimulatedStore.Tiny with { CheckpointEveryBytes = 8_192, CheckpointItems = seed % 2 == 0 ? 50 : 4_000 }, retention: LogRetention.Default), Numbers)).AsTask();
}
