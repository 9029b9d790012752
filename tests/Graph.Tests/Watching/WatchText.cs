using System.Diagnostics;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Watching;

/// <summary>What a watch tells, as lines.</summary>
internal static class WatchText
{
    public static IEnumerable<string> Lines(WatchEvent told) => told switch
    {
        WatchEvent.Changed changed => changed.Changes.Select(c => $"{told.Revision} {Line(c)}"),
        WatchEvent.SchemaChanged => [$"{told.Revision} schema"],
        WatchEvent.WindowsChanged windows => windows.Changes.Select(c => $"{told.Revision} {c.Kind.ToString().ToLowerInvariant()} {c.Tuple}"),
        WatchEvent.Checkpoint => [$"{told.Revision} checkpoint"],
        _ => throw new UnreachableException(),
    };

    /// <summary>Listens until everything up to a revision was told, and resumes as often as it is told to.</summary>
    public static async Task<List<string>> HearAsync(this AuthorizationGraph graph, WatchRequest request, Revision until)
    {
        List<string> lines = [];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        request = request with { Kinds = request.Kinds | WatchKinds.Checkpoints, CheckpointEvery = TimeSpan.FromMilliseconds(20) };
        while (true)
        {
            try
            {
                await foreach (WatchEvent told in graph.WatchAsync(request, patience.Token))
                {
                    if (told is not WatchEvent.Checkpoint) lines.AddRange(Lines(told));
                    if (told.Revision >= until && told.Token is not null) return lines;
                }
            }
            catch (RejectionException slow) when (slow.Reason == "WATCH_TOO_SLOW")
            {
                request = request with { After = slow.Metadata["resume_token"] };
            }
        }
    }

    /// <summary>The next <paramref name="count"/> messages, as lines.</summary>
    public static async Task<string[]> TakeAsync(this IAsyncEnumerator<WatchEvent> watch, int count)
    {
        List<string> lines = [];
        for (int i = 0; i < count; i++)
        {
            Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
            lines.AddRange(Lines(watch.Current));
        }
        return [.. lines];
    }

    private static string Line(TupleChange change) => change.Before is { } before
        ? $"{change.Kind.ToString().ToLowerInvariant()} {change.Tuple} was {before}"
        : $"{change.Kind.ToString().ToLowerInvariant()} {change.Tuple}";
}
