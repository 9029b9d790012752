using AuthzGraph.Graph.Index.Memory;

namespace AuthzGraph.Graph.Index.Edges;

/// <summary>The two lists that tell of an edge, that of its resource and that of its subject: what one says the other says too.</summary>
/// <param name="subjects">Null where the subject is the wildcard.</param>
internal sealed class EdgeLists(IndexMemory memory, NameTable resources, NameTable? subjects)
{
    public Adjacency Forward { get; } = new(memory);

    public Adjacency Reverse { get; } = new(memory);

    /// <summary>How many edges there are.</summary>
    public long Count { get; private set; }

    /// <summary>Whether the edge is listed, and its flags.</summary>
    public bool Contains(uint resource, uint subject, out uint flags)
    {
        bool isListed = Forward.TryFind(resource, subject, out uint word);
        flags = word & EdgeCode.Flags;
        return isListed;
    }

    /// <summary>Writer only: an edge that is not there yet.</summary>
    public void Add(uint resource, uint subject, uint flags)
    {
        resources.Mention(resource);
        subjects?.Mention(subject);
        Forward.Add(resource, EdgeCode.Word(subject) | flags);
        Reverse.Add(subject, EdgeCode.Word(resource) | flags);
        Count++;
    }

    /// <summary>Writer only: takes an edge away; names that no other edge mentions go with it.</summary>
    public void Remove(uint resource, uint subject)
    {
        Forward.Remove(resource, EdgeCode.Word(subject));
        Reverse.Remove(subject, EdgeCode.Word(resource));
        Count--;
        resources.Unmention(resource);
        subjects?.Unmention(subject);
    }

    /// <summary>Writer only: an edge that is there gets other flags.</summary>
    public void SetFlags(uint resource, uint subject, uint flags)
    {
        Forward.SetFlags(resource, EdgeCode.Word(subject) | flags);
        Reverse.SetFlags(subject, EdgeCode.Word(resource) | flags);
    }
}
