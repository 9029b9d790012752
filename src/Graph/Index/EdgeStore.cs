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
/// in the word sends the reader to the side table of versions. One writer: it stores a version, then the words that lead to it.
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
    private readonly Adjacency _forward;
    private readonly NameTable _resources;

    public EdgeStore(EdgeTypeText type, IndexMemory memory, CaveatTable caveats, Func<string, NameTable> names)
    {
        (Type, _memory) = (type, memory);
        _resources = names(type.ResourceType);
        Subjects = type.IsWildcard ? null : names(type.SubjectType);
        (_forward, Reverse, Versions) = (new Adjacency(memory), new Adjacency(memory), new VersionTable(memory, caveats.Mention));
    }

    public EdgeTypeText Type { get; }
    internal Adjacency Reverse { get; }
    internal NameTable? Subjects { get; }       // null where the subject is the wildcard

    /// <summary><c>document#viewer@group#member</c>: the edge type this store holds, the same across schemas.</summary>
    public string Text => Type.Text;

    /// <summary>What the log calls this edge type; 0 until it is first written.</summary>
    public uint LogNumber { get; set; }

    /// <summary>How many edges there are, dead ones that are still retained included.</summary>
    public long Count { get; private set; }

    /// <summary>The newest revision that wrote an edge here.</summary>
    public ulong LastPut { get; private set; }

    public VersionTable Versions { get; }

    /// <summary>The version of an edge that a revision sees, or false.</summary>
    public bool TryFind(uint resource, uint subject, ulong revision, out EdgeVersion found)
    {
        found = default;
        return TryFindWord(resource, subject, out uint word) && See(resource, subject, word, revision, out found);
    }

    /// <summary>How the list of a resource says the edge, or false if it does not: quiet, or flagged, and then a revision sees one version of it or none.</summary>
    public bool TryFindWord(uint resource, uint subject, out uint word)
    {
        word = 0;
        return subject <= EdgeCode.MaxNumber && EdgeList.TryFind(_forward.List(resource), EdgeCode.Word(subject), out word);
    }

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
        bool isListed = EndNewest(revision, resource, subject, out bool isFlagged);
        Versions.Push(new EdgeVersion(resource, subject, revision, EdgeVersion.NotDeleted, window, caveat), over: isListed);
        if (!isListed) List(resource, subject, EdgeCode.Flag);
        else if (!isFlagged) SetFlag(resource, subject, flagged: true);
        LastPut = revision;
    }

    /// <summary>Writer only: the edge is gone as of a revision. False if it is not known.</summary>
    public bool TryRemove(ulong revision, uint resource, uint subject)
    {
        bool isListed = EndNewest(revision, resource, subject, out bool isFlagged);
        if (isListed && !isFlagged) SetFlag(resource, subject, flagged: true);
        return isListed;
    }

    /// <summary>Writer only: the edge as every readable revision sees it; nothing of what was there before is kept.</summary>
    public void PutSettled(uint resource, uint subject, Window window, uint caveat)
    {
        _memory.Limbo.DrainIfFull();
        var version = new EdgeVersion(resource, subject, 0, EdgeVersion.NotDeleted, window, caveat);
        bool isListed = EdgeList.TryFind(_forward.List(resource), EdgeCode.Word(subject), out uint word);
        if (isListed && (word & EdgeCode.Flag) != 0) Versions.Forget(Versions.Newest(resource, subject));
        if (!version.IsQuiet) Versions.Push(version, over: false);
        if (!isListed) List(resource, subject, version.IsQuiet ? 0 : EdgeCode.Flag);
        else SetFlag(resource, subject, !version.IsQuiet);
    }

    /// <summary>Writer only: the edge as no readable revision sees it.</summary>
    public void RemoveSettled(uint resource, uint subject)
    {
        _memory.Limbo.DrainIfFull();
        if (!EdgeList.TryFind(_forward.List(resource), EdgeCode.Word(subject), out uint word)) return;
        if ((word & EdgeCode.Flag) != 0) Drop(Versions.Newest(resource, subject));
        else Unlist(resource, subject);
    }

    /// <summary>
    /// Writer only: going back in time, the revision is met that wrote an edge. The version that was there for all we knew begins there;
    /// where there is none, it is <paramref name="version"/>, of which nobody was told the end.
    /// </summary>
    public void PutBackBegin(in EdgeVersion version)
    {
        _memory.Limbo.DrainIfFull();
        bool isListed = EdgeList.TryFind(_forward.List(version.Resource), EdgeCode.Word(version.Subject), out uint word);
        if (isListed && (word & EdgeCode.Flag) != 0) Versions.BeginOldest(version);
        else Versions.Push(isListed ? EdgeVersion.Quiet(version.Resource, version.Subject) with { Created = version.Created } : version, over: false);
        if (!isListed) List(version.Resource, version.Subject, EdgeCode.Flag);
        else SetFlag(version.Resource, version.Subject, flagged: true);
        LastPut = Math.Max(LastPut, version.Created);
    }

    /// <summary>Writer only: going back in time, the end of a version is met. False if the edge was there then for all we knew.</summary>
    public bool TryPutBackEnd(in EdgeVersion version)
    {
        _memory.Limbo.DrainIfFull();
        bool isListed = EdgeList.TryFind(_forward.List(version.Resource), EdgeCode.Word(version.Subject), out uint word);
        if (isListed) return (word & EdgeCode.Flag) != 0 && Versions.TryHang(version);
        Versions.Push(version, over: false);
        List(version.Resource, version.Subject, EdgeCode.Flag);
        return true;
    }

    /// <inheritdoc cref="VersionTable.WrittenSince"/>
    public IEnumerable<List<EdgeVersion>> WrittenSince(ulong revision) => LastPut > revision ? Versions.WrittenSince(revision) : [];

    /// <summary>Writer only: the places of the newest versions of all edges of a resource; 0 for a quiet edge.</summary>
    public List<uint> NewestOfResource(uint resource) => Newest(_forward.List(resource), word => (resource, EdgeCode.Number(word)));

    /// <inheritdoc cref="NewestOfResource"/>
    public List<uint> NewestOfSubject(uint subject) => Newest(Reverse.List(subject), word => (EdgeCode.Number(word), subject));

    /// <summary>Writer only: an edge needs no versions any more; every readable revision sees it.</summary>
    public void MakeQuiet(uint newest)
    {
        _memory.Limbo.DrainIfFull();
        ref VersionRecord record = ref Versions[newest];
        SetFlag(record.Resource, record.Subject, flagged: false);
        Versions.Forget(newest);
    }

    /// <summary>Writer only: takes an edge and its versions out; no readable revision sees it.</summary>
    public void Drop(uint newest)
    {
        _memory.Limbo.DrainIfFull();
        ref VersionRecord record = ref Versions[newest];
        Unlist(record.Resource, record.Subject);
        Versions.Forget(newest);
    }

    /// <summary>The version of a listed edge that a revision sees, if any; <paramref name="word"/> is how the list says it.</summary>
    internal bool See(uint resource, uint subject, uint word, ulong revision, out EdgeVersion found)
    {
        if ((word & EdgeCode.Flag) != 0) return Versions.TryFind(resource, subject, revision, out found);
        found = EdgeVersion.Quiet(resource, subject);
        return true;
    }

    private bool EndNewest(ulong revision, uint resource, uint subject, out bool isFlagged)
    {
        _memory.Limbo.DrainIfFull();
        _memory.Marks.Mark(_resources.MarkOf(resource), revision);
        bool isListed = EdgeList.TryFind(_forward.List(resource), EdgeCode.Word(subject), out uint word);
        isFlagged = (word & EdgeCode.Flag) != 0;
        if (!isListed) return false;
        if (!isFlagged) Versions.Push(EdgeVersion.Quiet(resource, subject) with { Deleted = revision }, over: false);
        else if (Versions.Newest(resource, subject) is var newest && Versions[newest].Deleted == EdgeVersion.NotDeleted) Versions.End(newest, revision);
        return true;
    }

    private List<uint> Newest(ulong list, Func<uint, (uint Resource, uint Subject)> edgeOf)
    {
        var places = new List<uint>();
        long code = -1;
        while (EdgeList.Next(list, ref code, out uint word))
        {
            (uint resource, uint subject) = edgeOf(word);
            places.Add((word & EdgeCode.Flag) == 0 ? 0 : Versions.Newest(resource, subject));
        }
        return places;
    }

    private void List(uint resource, uint subject, uint flag)
    {
        _resources.Mention(resource);
        Subjects?.Mention(subject);
        _forward.Add(resource, EdgeCode.Word(subject) | flag);
        Reverse.Add(subject, EdgeCode.Word(resource) | flag);
        Count++;
    }

    private void Unlist(uint resource, uint subject)
    {
        _forward.Remove(resource, EdgeCode.Word(subject));
        Reverse.Remove(subject, EdgeCode.Word(resource));
        Count--;
        _resources.Unmention(resource);
        Subjects?.Unmention(subject);
    }

    private void SetFlag(uint resource, uint subject, bool flagged)
    {
        _forward.SetFlag(resource, EdgeCode.Word(subject), flagged);
        Reverse.SetFlag(subject, EdgeCode.Word(resource), flagged);
    }
}
