using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>
/// Weeks of a store whose names and caveats give their numbers to others and come back under others, over restarts, checkpoints, reclamation,
/// backups taken while it is written to, restored copies, imports that are broken off and done again, clocks that are set back or run ahead for a
/// while, and a retention that is changed: what it shows and tells is held against a chronicle that knows no numbers. One store in three may keep so
/// little history that bytes end it, not time.
/// </summary>
/// <param name="isCalm">No backups, no broken imports, no clocks that are wrong, history ended by one time alone.</param>
internal sealed class Weeks(int seed, NumberCounts numbers, bool isCalm) : IDisposable
{
    private const int Lives = 7;
    private const int Steps = 50;
    private const int FewBytes = 4_000;
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new($"{Start:O}");
    private readonly Random _random = new(seed);
    private readonly Chronicle _chronicle = new(new Random(seed));
    private readonly List<ReadOn> _streams = [];
    private Limits _limits = !isCalm && seed % 3 == 0 ? Limits.Default with { HistoryBytes = FewBytes } : Limits.Default;
    private Instant _forgotten = Instant.Beginning;     // by then a shorter retention, or a clock that was ahead, has ended history
    private Instant _keysForgotten = Instant.Beginning;
    private BrokenImport? _import;
    private TimeSpan _passed;
    private TimeSpan _setBack;

    /// <summary>How often exports and lookups were read on from their cursors.</summary>
    public int Resumed => _streams.Sum(stream => stream.Resumed);

    /// <summary>How many copies were restored as of an earlier revision or time.</summary>
    public int Restored { get; private set; }

    /// <summary>How many copies were made of a backup that was taken while the store was written to.</summary>
    public int BackedUp { get; private set; }

    /// <summary>How many imports went on after a restart with some chunks done and some not.</summary>
    public int ImportsResumed { get; private set; }

    // a clock that is set back stands still until it has caught up
    private Instant Now => Instant.From(Start + _passed);
    private int Era => (int)_passed.TotalHours / 5;

    // a clock that was reopened is up to a second ahead, so that it never runs backwards
    private Instant Kept => Now.Plus(-(long)_limits.Retention.TotalMicroseconds + 1_000_000);
    private Instant Remembered => Instant.Max(Kept, _forgotten);
    private Instant KeysRemembered => Instant.Max(Kept, _keysForgotten);

    private bool IsTight => _limits.HistoryBytes == FewBytes;

    // what may not be refused: where bytes end history, anything may
    private Instant Retained => IsTight ? Instant.Never : Remembered;

    public void Dispose() => _directory.Dispose();

    public async Task RunAsync()
    {
        for (int life = 0; life < Lives; life++)
        {
            await using (AuthorizationGraph graph = await OpenAsync(_directory.Path))
            {
                if (life == 0) await _chronicle.WriteSchemaAsync(graph, Now);
                if (_import is { } import && await import.ResumeAsync(graph)) ImportsResumed++;
                _import = null;
                _chronicle.Expect(graph, _chronicle.Revisions[^1], Now);
                await graph.RebuiltAsync();
                Assert.Empty(graph.Notices);
                await ExpectAsync(graph);
                for (int step = 0; step < Steps; step++)
                {
                    await StepAsync(graph);
                    if (_random.Next(6) == 0) _streams.Add(ReadOn.Begin(graph, _chronicle.Revisions[^1], _random));
                }
                await ExpectAsync(graph);
                if (!isCalm && life < Lives - 1 && _random.Next(2) == 0) _import = await BrokenImport.BeginAsync(graph, _chronicle, _random, Now, Era);
            }
            _import?.Settle(StoreDirectory.Measure(_directory.Path).Revision);
            if (!isCalm && _random.Next(3) == 0) ChangeRetention();
            VerificationReport report = StoreDirectory.Verify(_directory.Path);
            Assert.True(report.IsWhole, string.Join('\n', report.Findings));
            await RestoreAsync();
        }
    }

    private async Task StepAsync(AuthorizationGraph graph)
    {
        TimeSpan step = TimeSpan.FromMinutes(_random.Next(_random.Next(12) == 0 ? 4_000 : 50));
        if (_setBack > step) _setBack -= step;
        else (_passed, _setBack) = (_passed + step - _setBack, TimeSpan.Zero);
        _time.Set($"{Start + _passed - _setBack:O}");
        if (!isCalm && _random.Next(20) == 0) SetBack(graph);
        if (!isCalm && _random.Next(40) == 0) await RunAheadAsync(graph);
        switch (_random.Next(isCalm ? 20 : 23))
        {
            case 0: await _chronicle.WriteSchemaAsync(graph, Now); break;
            case 1 or 2 or 3: await _chronicle.ForgetAsync(graph, Now, Era); break;
            case 4: await _chronicle.DeleteAsync(graph, Now, Era); break;
            case 5: await _chronicle.ImportAsync(graph, Now, Era); break;
            case 6: await _chronicle.ResendAsync(graph, KeysRemembered); break;
            case 7: await graph.CheckpointAsync(); break;
            case 8 or 9: await graph.ReclaimAsync(); break;
            case 10 when !isCalm: await BackUpAsync(graph); break;
            case 21 or 22: await _chronicle.DeletePartlyAsync(graph, Now); break;
            default: await _chronicle.WriteAsync(graph, Now, Era); break;
        }
    }

    /// <summary>Once the graph has seen what the clock says.</summary>
    private void SetBack(AuthorizationGraph graph)
    {
        Assert.True(graph.Snapshot().Instant >= Now);
        _setBack += TimeSpan.FromMinutes(_random.Next(300));
        _time.Set($"{Start + _passed - _setBack:O}");
    }

    /// <summary>For a moment in which nobody asks or writes: that may cost history, and nothing else.</summary>
    private async Task RunAheadAsync(AuthorizationGraph graph)
    {
        Assert.True(graph.Snapshot().Instant >= Now);
        _forgotten = Now.Plus(1);
        _time.Set($"{Start + _passed + TimeSpan.FromDays(_random.Next(1, 60)):O}");
        for (int i = _random.Next(1, 4); i > 0; i--) await graph.ReclaimAsync();
        _time.Set($"{Start + _passed - _setBack:O}");
    }

    private void ChangeRetention()
    {
        (_forgotten, _keysForgotten) = (Remembered, KeysRemembered);
        _limits = _limits with { Retention = TimeSpan.FromHours(_random.Next(4) switch { 0 => 6, 1 => 72, _ => 24 }) };
        (_forgotten, _keysForgotten) = (Remembered, KeysRemembered);
    }

    private async Task ExpectAsync(AuthorizationGraph graph)
    {
        _chronicle.ExpectAll(graph, Retained, Now);
        await _chronicle.ExpectWatchesAsync(graph, IsTight ? Instant.Beginning : Remembered, 3);
        await _chronicle.ResendAsync(graph, KeysRemembered);
        foreach (ReadOn stream in _streams) stream.Expect(graph, Retained);
    }

    /// <summary>A copy as of an earlier revision shows and tells what was there then, and goes on from it.</summary>
    private async Task RestoreAsync()
    {
        Chronicle.Past past = _chronicle.Revisions[^_random.Next(1, Math.Min(60, _chronicle.Revisions.Count))];
        RestorePoint point = _random.Next(2) == 0 ? new RestorePoint.AtRevision(past.Revision) : new RestorePoint.AtTime(past.At);
        using TemporaryDirectory target = new();
        string directory = target.File("restored");
        try
        {
            await ExpectCopyAsync(directory, _chronicle.Until(StoreDirectory.Restore(_directory.Path, directory, point).Revision, new Random(_random.Next())));
            Restored++;
        }
        catch (RejectionException refusal) when (refusal.Reason == "NOT_RESTORABLE")
        {
        }
    }

    /// <summary>A backup holds what was written before it was asked for, and nothing of what was written while it was read.</summary>
    private async Task BackUpAsync(AuthorizationGraph graph)
    {
        using TemporaryDirectory target = new();
        (string backup, string restored) = (target.File("backup"), target.File("restored"));
        Chronicle copy = _chronicle.Until(_chronicle.Head, new Random(_random.Next()));
        using (StoreBackup taken = await graph.BackupAsync())
        {
            for (int i = 0; i < 3; i++) await _chronicle.WriteAsync(graph, Now, Era);
            if (_random.Next(2) == 0) await graph.CheckpointAsync();
            StoreDirectory.Copy(taken, backup);
        }
        StoreDirectory.Restore(backup, restored, at: null);
        await ExpectCopyAsync(restored, copy);
        BackedUp++;
    }

    private async Task ExpectCopyAsync(string directory, Chronicle copy)
    {
        await using AuthorizationGraph graph = await OpenAsync(directory);
        await graph.RebuiltAsync();
        copy.ExpectAll(graph, Retained, Now);
        await copy.ExpectWatchesAsync(graph, IsTight ? Instant.Beginning : Remembered, 2);
        for (int i = 0; i < 5; i++) await copy.WriteAsync(graph, Now, Era);
        copy.ExpectAll(graph, Retained, Now);
    }

    private async Task<AuthorizationGraph> OpenAsync(string directory)
    {
        GraphOptions options = new() { Storage = new StorageLocation.Directory(directory), Time = _time, Limits = _limits, EdgeKey = default(EdgeKey) };
        return await AuthorizationGraph.OpenAsync(options, () => new CountedLog(LogChoice.Open(options), directory == _directory.Path ? numbers : new NumberCounts()));
    }
}
