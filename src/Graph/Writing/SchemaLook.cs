using System.Diagnostics;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Writing;

/// <summary>How far a schema was found safe for what is stored. Every look rejects it with a tuple that it would break.</summary>
/// <param name="revision">A snapshot that stays readable.</param>
internal sealed class SchemaLook(BoundSchema before, CompiledSchema after, Revision revision, Instant now)
{
    private readonly SchemaSafety _safety = new(before, after);
    private IEnumerator<int>? _pass;
    private Revision _passBegan;

    public BoundSchema Before => before;

    /// <summary>Tuples of this revision and of those before it are known to be safe.</summary>
    public Revision Since { get; private set; } = revision;

    /// <summary>How many passes over what is new were finished.</summary>
    public int Passes { get; private set; }

    /// <summary>At all tuples of the snapshot, beside the writers.</summary>
    public void Begin() => _safety.Expect(Since.Value, now);

    /// <summary>Writer only: at what was written since, for about so long; true once a whole pass took no longer than that.</summary>
    public bool GoOn(Revision newest, TimeSpan atMost)
    {
        long start = Stopwatch.GetTimestamp();
        bool isWhole = _pass is null;
        if (_pass is null) (_pass, _passBegan) = (_safety.ExpectSince(Since.Value, now).GetEnumerator(), newest);
        while (_pass.MoveNext())
            if (Stopwatch.GetElapsedTime(start) >= atMost) return false;
        (_pass, Since) = (null, _passBegan);
        Passes++;
        return isWhole;
    }

    /// <summary>Writer only: at the rest of what was written since.</summary>
    public void Finish()
    {
        foreach (int _ in _safety.ExpectSince(Since.Value, now)) { }
    }
}
