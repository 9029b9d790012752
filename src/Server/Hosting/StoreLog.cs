using AuthzGraph.Graph;
using AuthzGraph.Server.Stores;

namespace AuthzGraph.Server.Hosting;

/// <summary>Writes into the log what becomes of stores. There may be something to say before there is a log; that is said later.</summary>
internal sealed class StoreLogs
{
    private readonly Lock _gate = new();
    private readonly List<Action<ILogger>> _early = [];
    private ILogger? _log;

    /// <summary>The log of one store.</summary>
    public StoreLog Of(string name) => new(this, name);

    public void Begin(ILogger log)
    {
        lock (_gate)
        {
            _log = log;
            foreach (Action<ILogger> line in _early) line(log);
        }
    }

    public void Say(Action<ILogger> line)
    {
        lock (_gate)
        {
            if (_log is { } log) line(log);
            else _early.Add(line);
        }
    }
}

/// <summary>What becomes of one store. The default one needs no name, since most often it is the only one.</summary>
internal sealed class StoreLog(StoreLogs logs, string name)
{
    private readonly string _which = name == StoreName.Default ? "" : $"store `{name}`: ";

    public void CheckpointFailed(Exception problem) => logs.Say(log => Log.CheckpointFailed(log, _which + problem.Message));

    /// <summary>Says what there is to say of how the store was opened, and from now on what becomes of it.</summary>
    public void Follow(AuthorizationGraph graph)
    {
        foreach (string notice in graph.Notices) logs.Say(log => Log.Notice(log, _which + notice));
        _ = graph.Failed.ContinueWith(failed => logs.Say(log => Log.StoreFailed(log, _which, failed.Result.Message)), TaskScheduler.Default);
    }
}
