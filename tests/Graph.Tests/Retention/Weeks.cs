using AuthzGraph.Graph.Storage;
using AuthzGraph.Graph.Tests.Storage;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Retention;

/// <summary>
/// Weeks of a store whose names and caveats give their numbers to others and come back under others, over restarts, checkpoints, reclamation
/// and restored copies: what it shows and tells is held against a chronicle that knows no numbers.
/// </summary>
internal sealed class Weeks(int seed, NumberCounts numbers) : IDisposable
{
    private const int Lives = 7;
    private const int Steps = 50;
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new($"{Start:O}");
    private readonly Random _random = new(seed);
    private readonly Chronicle _chronicle = new(new Random(seed));
    private readonly List<ReadOn> _streams = [];
    private TimeSpan _passed;

    /// <summary>How often exports and lookups were read on from their cursors.</summary>
    public int Resumed => _streams.Sum(stream => stream.Resumed);

    /// <summary>How many copies were restored as of an earlier revision or time.</summary>
    public int Restored { get; private set; }

    private Instant Now => Instant.From(_time.GetUtcNow());
    private int Era => (int)_passed.TotalHours / 5;

    // a clock that was reopened is up to a second ahead, so that it never runs backwards
    private Instant Retained => Now.Plus(-24 * 3_600_000_000L + 1_000_000);

    public void Dispose() => _directory.Dispose();

    public async Task RunAsync()
    {
        for (int life = 0; life < Lives; life++)
        {
            await using (AuthorizationGraph graph = await OpenAsync(_directory.Path))
            {
                if (life == 0) await _chronicle.WriteSchemaAsync(graph, Now);
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
            }
            VerificationReport report = StoreDirectory.Verify(_directory.Path);
            Assert.True(report.IsWhole, string.Join('\n', report.Findings));
            await RestoreAsync();
        }
    }

    private async Task StepAsync(AuthorizationGraph graph)
    {
        _passed += TimeSpan.FromMinutes(_random.Next(_random.Next(12) == 0 ? 4_000 : 50));
        _time.Set($"{Start + _passed:O}");
        switch (_random.Next(20))
        {
            case 0: await _chronicle.WriteSchemaAsync(graph, Now); break;
            case 1 or 2 or 3: await _chronicle.ForgetAsync(graph, Now, Era); break;
            case 4: await _chronicle.DeleteAsync(graph, Now, Era); break;
            case 5: await _chronicle.ImportAsync(graph, Now, Era); break;
            case 6: await _chronicle.ResendAsync(graph, Retained); break;
            case 7: await graph.CheckpointAsync(); break;
            case 8 or 9: await graph.ReclaimAsync(); break;
            default: await _chronicle.WriteAsync(graph, Now, Era); break;
        }
    }

    private async Task ExpectAsync(AuthorizationGraph graph)
    {
        _chronicle.ExpectAll(graph, Retained, Now);
        await _chronicle.ExpectWatchesAsync(graph, Retained, 3);
        await _chronicle.ResendAsync(graph, Retained);
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

    private async Task ExpectCopyAsync(string directory, Chronicle copy)
    {
        await using AuthorizationGraph graph = await OpenAsync(directory);
        await graph.RebuiltAsync();
        copy.ExpectAll(graph, Retained, Now);
        await copy.ExpectWatchesAsync(graph, Retained, 2);
        for (int i = 0; i < 5; i++) await copy.WriteAsync(graph, Now, Era);
        copy.ExpectAll(graph, Retained, Now);
    }

    private async Task<AuthorizationGraph> OpenAsync(string directory)
    {
        GraphOptions options = new() { Storage = new StorageLocation.Directory(directory), Time = _time };
        return await AuthorizationGraph.OpenAsync(options, () => new CountedLog(LogChoice.Open(options), directory == _directory.Path ? numbers : new NumberCounts()));
    }
}
