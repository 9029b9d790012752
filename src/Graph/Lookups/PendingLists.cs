using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;

namespace AuthzGraph.Graph.Lookups;

/// <summary>Edge lists that a lookup has yet to follow, first in, first out. The first may be half followed.</summary>
internal sealed class PendingLists
{
    private const int SmallestSize = 64;
    private const int LargestKept = 64 * 1024;

    private List[] _lists = new List[SmallestSize];
    private int _first;
    private int _count;
    private Open _open;
    private bool _isOpen;

    /// <summary>The edges of one object, and how it came to be here.</summary>
    internal readonly record struct List(Step Step, uint From, int Depth, bool IsSure);

    /// <summary>The list being followed. Its walk is good only for the slice that opened it.</summary>
    internal struct Open
    {
        public List List;
        public uint? After;
        public EdgeListWalk Walk;

        public readonly Step Step => List.Step;

        /// <summary>What the edge at hand leads to.</summary>
        public readonly uint Number => Step.Kind == StepKind.ToSubjects ? Walk.Current.Subject : Walk.Current.Resource;
    }

    public bool IsEmpty => _count == 0;

    public void Clear()
    {
        if (_lists.Length > LargestKept) _lists = new List[SmallestSize];
        (_first, _count, _open, _isOpen) = (0, 0, default, false);
    }

    public void Add(in List list)
    {
        if (_count == _lists.Length) Grow();
        _lists[(_first + _count++) & (_lists.Length - 1)] = list;
    }

    /// <summary>The first list, opened behind what was followed of it.</summary>
    public ref Open First(DecisionScope scope)
    {
        if (_isOpen) return ref _open;
        _isOpen = true;
        _open.List = _lists[_first];
        EdgeStore edges = scope.Bound[_open.Step.Edge];
        _open.Walk = _open.Step.Kind switch
        {
            StepKind.ToSubjects => edges.OfResource(_open.List.From, scope.Revision, _open.After),
            StepKind.ToResourcesOfEverybody => edges.OfSubject(EdgeStore.Wildcard, scope.Revision, _open.After),
            _ => edges.OfSubject(_open.List.From, scope.Revision, _open.After),
        };
        return ref _open;
    }

    public void RemoveFirst()
    {
        (_isOpen, _open.After) = (false, null);
        _first = (_first + 1) & (_lists.Length - 1);
        _count--;
    }

    /// <summary>Lets go of the walk: the epoch it was opened in is over.</summary>
    public void Suspend() => _isOpen = false;

    private void Grow()
    {
        var grown = new List[_lists.Length * 2];
        for (int i = 0; i < _count; i++) grown[i] = _lists[(_first + i) & (_lists.Length - 1)];
        (_lists, _first) = (grown, 0);
    }
}
