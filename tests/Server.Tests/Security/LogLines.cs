using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AuthzGraph.Server.Tests.Security;

/// <summary>Keeps all that is logged, as text: messages, the values in them, and exceptions.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> _lines = [];

    public IReadOnlyCollection<string> All => _lines;

    public int Count(string part) => _lines.Count(line => line.Contains(part, StringComparison.Ordinal));

    /// <summary>Waits until a part was logged more often than so many times.</summary>
    public async Task WaitAsync(string part, int moreThan = 0)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Count(part) <= moreThan)
        {
            if (patience.IsCancellationRequested) throw new TimeoutException($"`{part}` was not logged");
            await Task.Delay(5);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose() { }

    private sealed class Category(LogLines lines, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string values = state is IEnumerable<KeyValuePair<string, object?>> named ? string.Join(' ', named.Select(n => $"{n.Key}={n.Value}")) : "";
            lines._lines.Enqueue($"{logLevel} {name}: {formatter(state, exception)} {values} {exception}");
        }
    }
}
