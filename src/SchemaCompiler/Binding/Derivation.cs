namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// Facts that follow from facts: a node becomes true once as many of its leads are true as it needs. Every lead is followed once,
/// so all of it takes time linear in the leads, circles or not.
/// </summary>
internal sealed class Derivation
{
    public const int Never = int.MaxValue;

    private readonly List<int> _needs = [];
    private readonly List<int> _first = [];
    private readonly List<(int To, int Next)> _leads = [];
    private readonly Stack<int> _open = new();

    /// <param name="members">Nodes from 0 up that each need one.</param>
    public Derivation(int members)
    {
        _needs.EnsureCapacity(2 * members);
        _first.EnsureCapacity(2 * members);
        for (int i = 0; i < members; i++) Add(needs: 1);
    }

    public bool IsTrue(int node)
    {
        Spread();
        return _needs[node] <= 0;
    }

    public int Add(int needs, int leadsTo = -1)
    {
        _needs.Add(needs);
        _first.Add(-1);
        int node = _needs.Count - 1;
        if (leadsTo >= 0) Lead(node, leadsTo);
        return node;
    }

    /// <summary>Once <paramref name="from"/> is true, <paramref name="to"/> needs one less. Before anything is asked or assumed.</summary>
    public void Lead(int from, int to)
    {
        _leads.Add((to, _first[from]));
        _first[from] = _leads.Count - 1;
    }

    /// <summary>A node needs one less.</summary>
    public void Grant(int node)
    {
        if (--_needs[node] == 0) _open.Push(node);
    }

    public void Assume(int node)
    {
        if (IsTrue(node)) return;
        _needs[node] = 0;
        _open.Push(node);
    }

    private void Spread()
    {
        while (_open.TryPop(out int node))
            for (int lead = _first[node]; lead >= 0; lead = _leads[lead].Next) Grant(_leads[lead].To);
    }
}
