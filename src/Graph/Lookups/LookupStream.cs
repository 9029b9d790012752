using System.Collections.Immutable;
using System.Text;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Retention;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Lookups;

/// <summary>What one kind of lookup finds, a slice at a time.</summary>
internal interface ILookupSource
{
    /// <summary>Starts, and may find something already.</summary>
    void Begin(DecisionScope scope, LookupRoom room);

    /// <summary>Goes on for a slice; false when nothing is left.</summary>
    bool Read(DecisionScope scope, LookupRoom room);

    /// <summary>Where the numbers found have their names.</summary>
    NameTable Names { get; }

    /// <summary>The object of the request that may be found although no tuple names it; null if there is none.</summary>
    (uint Number, string Id)? MadeUp { get; }

    /// <summary>What of the choices made a cursor must carry.</summary>
    ulong Arms { get; }
}

/// <summary>
/// Reads a lookup slice by slice: each slice is one stay in an epoch, and between slices only the pin is held. For one thread at a time.
/// </summary>
internal sealed class LookupStream : IDisposable
{
    private readonly AuthorizationGraph _graph;
    private readonly ILookupSource _source;
    private readonly string? _contextJson;
    private readonly CancellationToken _cancellation;
    private readonly LookupRoom _room;
    private readonly RevisionPin _pin;
    private bool _isOver;
    private bool _isDisposed;
    private int _at = -1;
    private int _left;

    public LookupStream(AuthorizationGraph graph, Snapshot snapshot, ILookupSource source, string? contextJson, int? limit, CancellationToken cancellation)
    {
        (_graph, Snapshot, _source, _contextJson, _cancellation) = (graph, snapshot, source, contextJson, cancellation);
        _left = limit ?? int.MaxValue;
        _pin = graph.Pin(snapshot.Revision, snapshot.Instant);
        _room = graph.LookupRooms.Get();
        try
        {
            Begin();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Snapshot Snapshot { get; }

    public ReadOnlySpan<byte> IdUtf8 => _room.Found.Text(_at);

    public string Id => Encoding.UTF8.GetString(IdUtf8);

    public ImmutableArray<string> Missing => _room.Found.Missing(_at);

    public uint Number => _room.Found.Number(_at);

    public string Cursor(ulong query) => new LookupCursor(Snapshot.Revision, Snapshot.Instant, query, _source.Arms, Id).Seal(_graph.Identity);

    public bool MoveNext()
    {
        if (_left == 0) return false;
        while (++_at >= _room.Found.Count)
        {
            if (_isOver) return false;
            Read();
        }
        _left--;
        return true;
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        (_isOver, _left) = (true, 0);
        _pin.Dispose();
        _graph.LookupRooms.Return(_room);
    }

    private void Begin()
    {
        using DecisionSeries series = Snapshot.Series(_contextJson);
        _room.Found.Begin();
        _source.Begin(series.Scope, _room);
        Name();
    }

    private void Read()
    {
        _cancellation.ThrowIfCancellationRequested();
        _room.Found.Clear();
        _at = -1;
        using DecisionSeries series = Snapshot.Series(_contextJson);
        _isOver = !_source.Read(series.Scope, _room);
        Name();
    }

    private void Name() => _room.Found.Name(_source.Names, _source.MadeUp);
}
