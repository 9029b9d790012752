namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>
/// What nodes have through the nodes they lead to, at any distance, for sets of 64 facts at a time. Circles are found once (Tarjan's
/// strongly connected components, without recursion); then each set takes one pass over the edges. So f facts take time in
/// edges × f / 64, which stays short for the longest schema.
/// </summary>
internal sealed class Closure
{
    public const int FactsAtATime = 64;

    private readonly int[][] _edges;
    private readonly int[] _order;      // nodes, each after all it leads to; those of one circle together
    private readonly int[] _circle;     // by node

    /// <param name="edges">The nodes each node leads to.</param>
    public Closure(int[][] edges)
    {
        _edges = edges;
        _order = new int[edges.Length];
        _circle = new int[edges.Length];
        new Circles(this).Find();
    }

    public int Nodes => _edges.Length;

    /// <summary>Gives every node the facts of the nodes it leads to.</summary>
    /// <param name="facts">By node, a bit for each fact.</param>
    public void Spread(ulong[] facts)
    {
        for (int start = 0, end; start < _order.Length; start = end)
        {
            ulong all = 0;
            for (end = start; end < _order.Length && _circle[_order[end]] == _circle[_order[start]]; end++)
            {
                all |= facts[_order[end]];
                foreach (int next in _edges[_order[end]]) all |= facts[next];
            }
            for (int i = start; i < end; i++) facts[_order[i]] = all;
        }
    }

    /// <summary>One run of Tarjan's algorithm; a node's circle gets the number of the first of it that was met.</summary>
    private readonly ref struct Circles(Closure closure)
    {
        private readonly int[] _met = new int[closure._edges.Length];       // 1 and up; 0: not yet
        private readonly int[] _lowest = new int[closure._edges.Length];    // the earliest node of the same circle known to be reached
        private readonly int[] _next = new int[closure._edges.Length];      // how many of its edges were followed
        private readonly bool[] _isOpen = new bool[closure._edges.Length];
        private readonly Stack<int> _path = new();
        private readonly Stack<int> _open = new();

        public void Find()
        {
            int met = 0;
            int ordered = 0;
            for (int start = 0; start < _met.Length; start++)
            {
                if (_met[start] == 0) Enter(start, ++met);
                while (_path.TryPeek(out int node))
                {
                    if (Follow(node) is { } next) Enter(next, ++met);
                    else Leave(node, ref ordered);
                }
            }
        }

        private void Enter(int node, int met)
        {
            _met[node] = _lowest[node] = met;
            _isOpen[node] = true;
            _path.Push(node);
            _open.Push(node);
        }

        /// <summary>The next node to enter from a node; null when there is none left.</summary>
        private int? Follow(int node)
        {
            int[] edges = closure._edges[node];
            while (_next[node] < edges.Length)
            {
                int next = edges[_next[node]++];
                if (_met[next] == 0) return next;
                if (_isOpen[next]) _lowest[node] = Math.Min(_lowest[node], _met[next]);
            }
            return null;
        }

        private void Leave(int node, ref int ordered)
        {
            _path.Pop();
            if (_path.TryPeek(out int before)) _lowest[before] = Math.Min(_lowest[before], _lowest[node]);
            if (_lowest[node] != _met[node]) return;
            int closed;
            do
            {
                closed = _open.Pop();
                _isOpen[closed] = false;
                closure._circle[closed] = node;
                closure._order[ordered++] = closed;
            }
            while (closed != node);
        }
    }
}
