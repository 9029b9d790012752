using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// One chain, and what was found of it, part by part in the order of docs/decisions/0001: that it can be walked, that its hops hang together, that
/// each hop stands. Kept once all parts were found to hold, and true
///
///   - from the instant of the finding until the first window that was consulted opens or ends, and
///   - at every revision at which no object that was read had been written since.
///
/// What the question adds (resource, permission, context, root, task) is no part of it.
/// </summary>
internal sealed class ChainMemo
{
    private const int MostObjects = 96;

    private ObjectKey _leaf;
    private ObjectKey _presenter;
    private ulong _revision;
    private Instant _from;
    private Instant _until;
    private bool _isWhole;
    private bool _isTooMuch;

    private Instant[] _changes = new Instant[8];    // when the facts of each part change first
    private int _parts;
    private int[] _objects = new int[24];           // the marks of what was read
    private int _objectCount;

    public Chain Chain { get; } = new();

    /// <summary>Whether all that the chain rests on is so for the scope's revision and instant.</summary>
    public bool Holds(DecisionScope scope, WriteMarks marks, ObjectKey leaf, ObjectKey presenter)
    {
        if (!_isWhole || _leaf != leaf || _presenter != presenter || scope.Now < _from || scope.Now >= _until) return false;
        ulong newest = Math.Min(_revision, scope.Revision);
        foreach (int place in _objects.AsSpan(0, _objectCount))
            if (marks[place] > newest) return false;
        return true;
    }

    /// <summary>Nothing is known any more; what will be is of this chain.</summary>
    public void Begin(DecisionScope scope, ObjectKey leaf, ObjectKey presenter)
    {
        (_leaf, _presenter, _revision, _from, _until) = (leaf, presenter, scope.Revision, scope.Now, Instant.Never);
        (_isWhole, _isTooMuch, _parts, _objectCount) = (false, false, 0, 0);
        Chain.Clear();
    }

    /// <summary>When the facts that a part rests on change first.</summary>
    public Instant ChangeOf(int part) => _changes[part];

    public bool IsWhole => _isWhole;

    /// <summary>The next part holds until an instant.</summary>
    /// <param name="isLast">Whether with it all of the chain holds.</param>
    public void Add(Instant change, bool isLast)
    {
        if (_parts == _changes.Length) Array.Resize(ref _changes, _parts * 2);
        _changes[_parts++] = change;
        _until = Instant.Min(_until, change);
        _isWhole = isLast && !_isTooMuch;
    }

    /// <summary>An object was read; its mark is here.</summary>
    public void Read(int place)
    {
        if (_objects.AsSpan(0, _objectCount).Contains(place)) return;
        if (_objectCount == MostObjects) _isTooMuch = true;
        if (_isTooMuch) return;
        if (_objectCount == _objects.Length) Array.Resize(ref _objects, _objectCount * 2);
        _objects[_objectCount++] = place;
    }

    /// <summary>More was read than is kept.</summary>
    public void ReadMore() => _isTooMuch = true;
}
