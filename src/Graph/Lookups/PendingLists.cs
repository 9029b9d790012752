using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Index.Edges;

namespace AuthzGraph.Graph.Lookups;

/// <summary>Edge lists that a lookup has yet to follow, first in, first out. The first may be half followed.</summary>
internal sealed class PendingLists
{
    private const int SmallestSize = 64;
    private const int LargestKept = 64 * 1024;

    private List[] _lists = new List[SmallestSize];
    private int _first;
    private int _count;
    private readonly EdgeListReader _reader = new();
    private uint _after;
    private bool _hasBegun;
    private bool _isOpen;

    /// <summary>The edges of one object, and how it came to be here.</summary>
    internal readonly record struct List(Step Step, uint From, int Depth, bool IsSure)
    {
        /// <summary>The object whose edges these are.</summary>
        public uint Origin => Step.Kind == StepKind.ToResourcesOfEverybody ? EdgeStore.Wildcard : From;
    }

    public bool IsEmpty => _count == 0;

    public void Clear()
    {
        if (_lists.Length > LargestKept) _lists = new List[SmallestSize];
        (_first, _count, _hasBegun, _isOpen) = (0, 0, false, false);
    }

    public void Add(in List list)
    {
        if (_count == _lists.Length) Grow();
        _lists[(_first + _count++) & (_lists.Length - 1)] = list;
    }

    /// <summary>The list that is followed.</summary>
    public ref readonly List First => ref _lists[_first];

    /// <summary>Goes on along the first list to an edge and what it leads to; false at its end.</summary>
    public bool MoveNext(DecisionScope scope, out uint word, out uint to)
    {
        if (!_isOpen) Open(scope);
        (word, to) = (0, 0);
        if (!_reader.MoveNext()) return false;
        word = _reader.Word;
        _after = to = EdgeCode.Number(word);
        _hasBegun = true;
        return true;
    }

    private void Open(DecisionScope scope)
    {
        _isOpen = true;
        Step step = First.Step;
        uint? after = _hasBegun ? _after : null;
        EdgeStore edges = scope.Bound[step.Edge];
        if (step.Kind == StepKind.ToSubjects) edges.OpenResource(_reader, First.From, after);
        else edges.OpenSubject(_reader, First.Origin, after);
    }

    public void RemoveFirst()
    {
        (_isOpen, _hasBegun) = (false, false);
        _first = (_first + 1) & (_lists.Length - 1);
        _count--;
    }

    /// <summary>Lets go of what was read ahead: the epoch it was read in is over.</summary>
    public void Suspend() => _isOpen = false;

    private void Grow()
    {
        var grown = new List[_lists.Length * 2];
        for (int i = 0; i < _count; i++) grown[i] = _lists[(_first + i) & (_lists.Length - 1)];
        (_lists, _first) = (grown, 0);
    }
}
