using AuthzGraph.Graph;

namespace AuthzGraph.Server.Hosting;

/// <summary>Writes into the log what becomes of the store. Checkpoints may fail before there is a log to write to; that is said later.</summary>
internal sealed class StoreLog
{
    private readonly Lock _gate = new();
    private readonly List<Exception> _early = [];
    private ILogger? _log;

    public void CheckpointFailed(Exception problem)
    {
        lock (_gate)
        {
            if (_log is { } log) Log.CheckpointFailed(log, problem.Message);
            else _early.Add(problem);
        }
    }

    /// <summary>Says what there is to say of how the store was opened, and from now on what becomes of it.</summary>
    public void Follow(AuthorizationGraph graph, ILogger log)
    {
        foreach (string notice in graph.Notices) Log.Notice(log, notice);
        lock (_gate)
        {
            _log = log;
            foreach (Exception problem in _early) Log.CheckpointFailed(log, problem.Message);
        }
        _ = graph.Failed.ContinueWith(failed => Log.StoreFailed(log, failed.Result.Message), TaskScheduler.Default);
    }
}
