using System.Diagnostics;

namespace AuthzGraph.Server.Tests;

/// <summary>The threads of a process that a tracer has stopped, and how often each had waited before.</summary>
internal static class HeldThreads
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Kills what a tracer runs once it has held one thread from one look to the next; tracers stop threads for much shorter times too.</summary>
    public static async Task KillAsync(Process tracer)
    {
        Dictionary<string, string> before = [];
        for (; !tracer.HasExited; await Task.Delay(Look))
        {
            try
            {
                Dictionary<string, string> held = Of(tracer.Id);
                if (held.Any(thread => before.GetValueOrDefault(thread.Key) == thread.Value)) Kill(tracer);
                before = held;
            }
            catch (Exception e) when (e is IOException or ArgumentException) { }        // a thread or a process ended while it was looked at
        }
    }

    private static Dictionary<string, string> Of(int tracer)
    {
        var held = new Dictionary<string, string>();
        foreach (int process in Traced(tracer))
            foreach (string thread in Directory.GetDirectories($"/proc/{process}/task"))
            {
                string status = File.ReadAllText($"{thread}/status");
                if (status.Contains("\nState:\tt", StringComparison.Ordinal)) held[thread] = status[status.IndexOf("voluntary_ctxt", StringComparison.Ordinal)..];
            }
        return held;
    }

    /// <summary>What is traced before the tracer, which lets go of what it holds; it ends when the tracer has.</summary>
    private static void Kill(Process tracer)
    {
        foreach (int process in Traced(tracer.Id))
        {
            using var traced = Process.GetProcessById(process);
            traced.Kill();
        }
        tracer.Kill();
    }

    private static int[] Traced(int tracer) =>
        [.. File.ReadAllText($"/proc/{tracer}/task/{tracer}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
}
