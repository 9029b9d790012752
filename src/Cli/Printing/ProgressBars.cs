using Spectre.Console;

namespace AuthzGraph.Cli.Printing;

/// <summary>A bar for each step, on a terminal.</summary>
internal sealed class ProgressBars(ProgressContext context)
{
    private readonly Dictionary<string, ProgressTask> _bars = new(StringComparer.Ordinal);
    private ProgressTask? _current;

    /// <param name="total">0: not known, and then the bar only says that something goes on.</param>
    public void Show(string step, long done, long total)
    {
        if (!_bars.TryGetValue(step, out ProgressTask? bar))
        {
            Finish();
            bar = context.AddTask(Terminal.Safe(step));
            _bars.Add(step, bar);
        }
        _current = bar;
        bar.IsIndeterminate = total == 0;
        if (total > 0) bar.MaxValue = total;
        bar.Value = Math.Min(done, bar.MaxValue);
    }

    /// <summary>The step at hand is done.</summary>
    public void Finish()
    {
        if (_current is null) return;
        _current.IsIndeterminate = false;
        _current.Value = _current.MaxValue;
        _current.StopTask();
        _current = null;
    }
}
