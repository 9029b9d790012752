namespace AuthzGraph.SchemaCompiler.Binding;

/// <summary>Which types have which names through the types they lead to: the questions are known beforehand and answered together.</summary>
internal sealed class TypeFacts
{
    private readonly HashSet<(TypeSymbol, string)> _true = [];

    public TypeFacts(Closure closure, IEnumerable<(TypeSymbol Type, string Name)> given, IEnumerable<(TypeSymbol Type, string Name)> asked)
    {
        (TypeSymbol Type, string Name)[] questions = [.. asked.Distinct()];
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        foreach ((_, string name) in questions) numbers.TryAdd(name, numbers.Count);
        var facts = given.Where(fact => numbers.ContainsKey(fact.Name)).ToLookup(fact => numbers[fact.Name] / Closure.FactsAtATime);
        foreach (var pass in questions.GroupBy(question => numbers[question.Name] / Closure.FactsAtATime))
        {
            ulong[] names = new ulong[closure.Nodes];
            foreach ((TypeSymbol type, string name) in facts[pass.Key]) names[type.Id.Value] |= Bit(numbers[name]);
            closure.Spread(names);
            foreach ((TypeSymbol type, string name) in pass)
                if ((names[type.Id.Value] & Bit(numbers[name])) != 0) _true.Add((type, name));
        }
    }

    /// <summary>Of what was asked beforehand.</summary>
    public bool Has(TypeSymbol type, string name) => _true.Contains((type, name));

    private static ulong Bit(int fact) => 1UL << fact % Closure.FactsAtATime;
}
