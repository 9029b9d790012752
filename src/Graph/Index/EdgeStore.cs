using System.Runtime.CompilerServices;
using AuthzGraph.Graph.Index.Edges;
using AuthzGraph.Graph.Index.Memory;
using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index;

/// <summary>
/// All edges of one edge type, forward and reverse.
///
/// <code>
///   resource ──► list of subjects ─┐  flagged?
///                                  ├───────────► versions: window, caveat, created, deleted, older
///   subject ──► list of resources ─┘
/// </code>
///
/// An old edge without window and caveat is a word in each of two lists and nothing else: every readable revision sees it. A flag
/// in the word sends the reader to the side table of versions, or, while the edge is only new, those readers whose revision is older than what was
/// last written (<see cref="IsSeen"/>). One writer: it stores a version, then the words that lead to it.
/// Readers take no lock but stay in an epoch (<see cref="Epochs"/>) while they read: what they can reach is whole, and what
/// is newer than their revision they pass over. Lists are walked in an order that follows from the objects' numbers alone.
/// </summary>
internal sealed class EdgeStore
{
    /// <summary>The subject number of every wildcard edge.</summary>
    public const uint Wildcard = 0;

    /// <summary>From here on numbers stand for names no table holds, so that a question about them finds nothing.</summary>
    public const uint FirstUnknown = 0xFFFF_FF00;

    private readonly IndexMemory _memory;
    private readonly EdgeLists _lists;
    private readonly Adjacency _forward;
    private readonly NameTable _resources;
    private readonly WrittenEdges _written;
    private ulong _lastPut;     // the newest revision that wrote an edge here

    public EdgeStore(EdgeTypeText type, IndexMemory memory, EdgeKey key, CaveatTable caveats, Func<string, NameTable> names)
    {
        (Type, _memory) = (type, memory);
        _resources = names(type.ResourceType);
        Subjects = type.IsWildcard ? null : names(type.SubjectType);
        (_lists, Versions) = (new EdgeLists(memory, _resources, Subjects), new VersionTable(memory, key, caveats.Mention));
        (_forward, Reverse, _written) = (_lists.Forward, _lists.Reverse, new WrittenEdges(Versions));
    }

    public EdgeTypeText Type { get; }
    internal Adjacency Reverse { get; }
    internal NameTable? Subjects { get; }       // null where the subject is the wildcard

    /// <summary><c>document#viewer@group#member</c>: the edge type this store holds, the same across schemas.</summary>
    public string Text => Type.Text;

    /// <summary>What the log calls this edge type; 0 until it is first written.</summary>
    public uint LogNumber { get; set; }

    /// <summary>How many edges there are, dead ones that are still retained included.</summary>
    public long Count => _lists.Count;

    public VersionTable Versions { get; }

    /// <summary>The version of an edge that a revision sees, or false.</summary>
    public bool TryFind(uint resource, uint subject, ulong revision, out EdgeVersion found)
    {
        found = default;
        return TryFindWord(resource, subject, out uint word) && See(resource, subject, word, revision, out found);
    }

    /// <summary>
    /// Whether a listed edge is seen, and there is nothing more to say of it: so it is if it is quiet, or only new and not newer than the reader. If
    /// not, a revision sees one version of it or none.
    /// </summary>
    /// <param name="word">How a list says it.</param>
    // INVARIANT: the word was read first. Who wrote a word had marked its revision before, so a mark that is not ahead of the reader
    // says that the word is not either; a mark read sooner says nothing of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsSeen(uint resource, uint word, ulong revision) =>
        (word & EdgeCode.Flags) == 0 || (word & EdgeCode.New) != 0 && IsPast(resource, revision);

    /// <summary>How the list of a resource says the edge, or false if it does not.</summary>
    public bool TryFindWord(uint resource, uint subject, out uint word) => _forward.TryFind(resource, subject, out word);

    /// <summary>Has the processor fetch where the list of a resource is told; once that is there, where the list would hold a subject.</summary>
    public void Prefetch(uint resource) => _forward.Prefetch(resource);
    public void Prefetch(uint resource, uint subject) => EdgeList.Prefetch(_forward.List(resource), EdgeCode.Word(subject));

    /// <summary>All edges of one resource as its list says them, whoever sees them, in the order of codes.</summary>
    public EdgeWords WordsOf(uint resource) => new(_forward.List(resource));

    /// <summary>The edges of one resource that a revision sees, in the order of codes.</summary>
    /// <param name="after">Only subjects behind this one: to go on where an earlier walk stopped.</param>
    public EdgeListWalk OfResource(uint resource, ulong revision, uint? after = null) => new(this, _forward, resource, revision, after, reverse: false);

    /// <summary>The edges of one subject that a revision sees, in the order of codes.</summary>
    /// <inheritdoc cref="OfResource"/>
    public EdgeListWalk OfSubject(uint subject, ulong revision, uint? after = null) => new(this, Reverse, subject, revision, after, reverse: true);

    /// <summary>Opens a reader at the words of one resource, to go through many fast; <see cref="See"/> tells what they mean.</summary>
    public void OpenResource(EdgeListReader reader, uint resource, uint? after) => reader.Open(resource > EdgeCode.MaxNumber ? 0 : _forward.List(resource), after);

    /// <summary>The same of one subject.</summary>
    public void OpenSubject(EdgeListReader reader, uint subject, uint? after) => reader.Open(subject > EdgeCode.MaxNumber ? 0 : Reverse.List(subject), after);

    /// <summary>How many edges a subject has, dead ones that are still retained included.</summary>
    public int CountOfSubject(uint subject) => subject <= EdgeCode.MaxNumber ? EdgeList.Length(Reverse.List(subject)) : 0;

    /// <summary>Whether any version that is still retained belongs to the resource.</summary>
    public bool Mentions(uint resource) => _forward.List(resource) != 0;

    /// <summary>
    /// Appends, in ascending order, resources from a number on that have edges, and returns where to go on; false when there are no more.
    /// </summary>
    public bool NextResources(ref uint from, List<uint> resources)
    {
        from = _forward.NextPage(from, resources);
        return from < _forward.End;
    }

    /// <summary>Whether both numbers stand for names.</summary>
    public bool Knows(uint resource, uint subject) =>
        _resources.IsBound(resource) && (Subjects is null ? subject == Wildcard : Subjects.IsBound(subject));

    /// <summary>Writer only: the edge as of a revision; a version it replaces ends there.</summary>
    public void Put(ulong revision, uint resource, uint subject, Window window, uint caveat)
    {
        Volatile.Write(ref _lastPut, revision);
        bool isListed = EndNewest(revision, resource, subject, out uint before);
        var version = new EdgeVersion(resource, subject, revision, EdgeVersion.NotDeleted, window, caveat);
        Versions.Push(version, over: isListed);
        _written.Note(revision, resource, subject);
        uint flag = version.IsPlain ? EdgeCode.New : EdgeCode.Versioned;
        if (!isListed) _lists.Add(resource, subject, flag);
        else if (before != flag) _lists.SetFlags(resource, subject, flag);
    }

    /// <summary>Writer only: the edge is gone as of a revision. False if it is not known.</summary>
    public bool TryRemove(ulong revision, uint resource, uint subject)
    {
        bool isListed = EndNewest(revision, resource, subject, out uint before);
        if (isListed && before != EdgeCode.Versioned) _lists.SetFlags(resource, subject, EdgeCode.Versioned);
        return isListed;
    }

    /// <summary>Writer only: the edge as every readable revision sees it; nothing of what was there before is kept.</summary>
    public void PutSettled(uint resource, uint subject, Window window, uint caveat)
    {
        _memory.Limbo.DrainIfFull();
        var version = new EdgeVersion(resource, subject, 0, EdgeVersion.NotDeleted, window, caveat);
        bool isListed = _lists.Contains(resource, subject, out uint before);
        if (isListed && before != 0) Versions.Forget(resource, subject);
        if (!version.IsPlain) Versions.Push(version, over: false);
        uint flag = version.IsPlain ? 0 : EdgeCode.Versioned;
        if (!isListed) _lists.Add(resource, subject, flag);
        else if (before != flag) _lists.SetFlags(resource, subject, flag);
    }

    /// <summary>Writer only: the edge as no readable revision sees it.</summary>
    public void RemoveSettled(uint resource, uint subject)
    {
        _memory.Limbo.DrainIfFull();
        if (!_lists.Contains(resource, subject, out uint flags)) return;
        _lists.Remove(resource, subject);
        if (flags != 0) Versions.Forget(resource, subject);
    }

    /// <summary>
    /// Writer only: going back in time, the revision is met that wrote an edge. The version that was there for all we knew begins there;
    /// where there is none, it is <paramref name="version"/>, of which nobody was told the end.
    /// </summary>
    public void PutBackBegin(in EdgeVersion version)
    {
        _memory.Limbo.DrainIfFull();
        (uint resource, uint subject) = (version.Resource, version.Subject);
        Volatile.Write(ref _lastPut, Math.Max(_lastPut, version.Created));
        _memory.Marks.Mark(_resources.MarkOf(resource), version.Created);
        bool isListed = _lists.Contains(resource, subject, out uint flags);
        if (isListed && flags != 0)
        {
            Versions.BeginOldest(version);
            return;
        }
        Versions.Push(isListed ? EdgeVersion.Quiet(resource, subject) with { Created = version.Created } : version, over: false);
        if (isListed) _lists.SetFlags(resource, subject, EdgeCode.New);
        else _lists.Add(resource, subject, EdgeCode.Versioned);
    }

    /// <summary>Writer only: going back in time, the end of a version is met. False if the edge was there then for all we knew.</summary>
    public bool TryPutBackEnd(in EdgeVersion version)
    {
        _memory.Limbo.DrainIfFull();
        if (_lists.Contains(version.Resource, version.Subject, out uint flags)) return flags != 0 && Versions.TryHang(version);
        Versions.Push(version, over: false);
        _lists.Add(version.Resource, version.Subject, EdgeCode.Versioned);
        return true;
    }

    /// <inheritdoc cref="WrittenEdges.Since"/>
    public IEnumerable<List<EdgeVersion>> WrittenSince(ulong revision) => _lastPut > revision ? _written.Since(revision, _lastPut) : [];

    /// <summary>Writer only: the newest versions of all edges of a resource.</summary>
    public List<EdgeVersion> NewestOfResource(uint resource) => Newest(_forward.List(resource), number => (resource, number));

    /// <inheritdoc cref="NewestOfResource"/>
    public List<EdgeVersion> NewestOfSubject(uint subject) => Newest(Reverse.List(subject), number => (number, subject));

    /// <summary>Writer only: the newest version of a listed edge.</summary>
    public EdgeVersion Newest(uint resource, uint subject) =>
        Versions.TryNewest(resource, subject, out EdgeVersion newest) ? newest : EdgeVersion.Quiet(resource, subject);

    /// <summary>Writer only: an edge needs no versions any more; every readable revision sees it.</summary>
    public void MakeQuiet(uint resource, uint subject)
    {
        _memory.Limbo.DrainIfFull();
        _lists.SetFlags(resource, subject, 0);
        Versions.Forget(resource, subject);
    }

    /// <summary>Writer only: takes an edge that has versions out, and them; no readable revision sees it.</summary>
    public void Drop(uint resource, uint subject)
    {
        _memory.Limbo.DrainIfFull();
        _lists.Remove(resource, subject);
        Versions.Forget(resource, subject);
    }

    /// <summary>The version of a listed edge that a revision sees, if any; <paramref name="word"/> is how the list says it.</summary>
    internal bool See(uint resource, uint subject, uint word, ulong revision, out EdgeVersion found)
    {
        if (!IsSeen(resource, word, revision)) return Versions.TryFind(resource, subject, revision, out found);
        found = EdgeVersion.Quiet(resource, subject);
        return true;
    }

    private bool IsPast(uint resource, ulong revision) =>
        Volatile.Read(ref _lastPut) <= revision || _memory.Marks[_resources.MarkOf(resource)] <= revision;

    /// <summary>Whether the edge is listed, and how it was; then what was its newest version has ended.</summary>
    private bool EndNewest(ulong revision, uint resource, uint subject, out uint flags)
    {
        _memory.Limbo.DrainIfFull();
        _memory.Marks.Mark(_resources.MarkOf(resource), revision);
        if (!_lists.Contains(resource, subject, out flags)) return false;
        if (flags == 0) Versions.Push(EdgeVersion.Quiet(resource, subject) with { Deleted = revision }, over: false);
        else Versions.End(resource, subject, revision);
        return true;
    }

    private List<EdgeVersion> Newest(ulong list, Func<uint, (uint Resource, uint Subject)> edgeOf)
    {
        var versions = new List<EdgeVersion>();
        long code = -1;
        while (EdgeList.Next(list, code) is { } word)
        {
            code = EdgeCode.Code(word);
            (uint resource, uint subject) = edgeOf(EdgeCode.Number(word));
            versions.Add(Newest(resource, subject));
        }
        return versions;
    }
}
