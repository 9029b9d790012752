using System.CommandLine;
using AuthzGraph.Graph;

namespace AuthzGraph.Cli.Commands.Store;

/// <summary>Runs what takes long and shows how far it is: bars where standard error is a terminal, a line for each step elsewhere, nothing beside JSON.</summary>
internal static class StoreSteps
{
    public static Task<T> RunAsync<T>(Surroundings around, ParseResult parsed, Func<IProgress<StoreProgress>?, Task<T>> work) =>
        around.WantsJson(parsed) ? work(null)
        : around.Terminal.HasBars ? around.Terminal.WithBarsAsync<T>(bars => work(new Steps((step, done, total) => bars.Show(step, done, total))))
        : work(new Steps(new Lines(around.Terminal).Show));

    /// <summary>Unlike <see cref="Progress{T}"/> it calls at once, on the thread that reports.</summary>
    private sealed class Steps(Action<string, long, long> show) : IProgress<StoreProgress>
    {
        private readonly Lock _gate = new();

        public void Report(StoreProgress value)
        {
            lock (_gate) show(value.Step, value.Done, value.Total);
        }
    }

    private sealed class Lines(Terminal terminal)
    {
        private string _step = "";

        public void Show(string step, long done, long total)
        {
            if (step == _step) return;
            _step = step;
            terminal.ErrorLine($"[grey]{Terminal.Safe(step)} …[/]");
        }
    }
}
