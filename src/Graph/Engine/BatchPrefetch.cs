using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// Has the processor fetch what a group of questions will read, one step for all of them before the next, so that their misses
/// overlap:
///
/// <code>
///   names: hash ──► slot ──► name, number ──► text
///   graph:                       └──► directories ──► lists, directories behind single edges ──► …
/// </code>
///
/// It decides nothing and forgets what it finds out: the checks that follow read everything again, from the caches. What it does not
/// foresee they fetch themselves.
/// </summary>
internal sealed class BatchPrefetch
{
    /// <summary>How many questions are fetched for together; a processor has room for about a dozen misses at a time.</summary>
    public const int Size = 32;

    private const int GraphSteps = 3;

    private readonly Sought[] _items = new Sought[Size];

    public void Fetch(BoundSchema bound, ReadOnlySpan<CheckQuestion> questions)
    {
        if (!Sse.IsSupported || questions.Length < 2) return;
        for (int i = 0; i < questions.Length; i++) _items[i] = Sought.Of(bound, questions[i]);
        for (int i = 0; i < questions.Length; i++) _items[i].FindNumbers();
        for (int step = 0; step < GraphSteps; step++)
            for (int i = 0; i < questions.Length; i++) _items[i].Read(bound, step);
        Array.Clear(_items, 0, questions.Length);
    }

    private static void Read(BoundSchema bound, MemberId member, uint resource, ObjectKey subject, ObjectKey? hop, int step)
    {
        if (hop is { } leaf) bound.Plans.Types[leaf.Type].Hop?.Prefetch(leaf.Number, step);
        else bound.Plans[member].Prefetch(new Ahead(new SubjectClass(subject.Type, null).Code, subject.Number), resource, step);
    }

    /// <summary>What is known of one question's names so far; no tables where it will be rejected.</summary>
    private struct Sought
    {
        private Name _resource, _subject, _hop;
        private MemberId _member;

        public static Sought Of(BoundSchema bound, in CheckQuestion question)
        {
            var sought = new Sought { _resource = Name.Seek(bound, question.Resource), _subject = Name.Seek(bound, question.Subject.Object) };
            if (question.Acting.Delegation is { } delegation) sought._hop = Name.Seek(bound, delegation);
            if (sought._resource.IsKnown && bound.Schema.FindMember(sought._resource.Type, question.Permission) is { } member) sought._member = member.Id;
            else sought._resource = default;
            return sought;
        }

        public void FindNumbers()
        {
            _resource.FindNumber();
            _subject.FindNumber();
            _hop.FindNumber();
        }

        public readonly void Read(BoundSchema bound, int step)
        {
            if (step == 0)
            {
                _resource.PrefetchText();
                _subject.PrefetchText();
                _hop.PrefetchText();
            }
            if (_resource.Number == 0 || _subject.Number == 0) return;
            ObjectKey? hop = _hop.Number == 0 ? null : new ObjectKey(_hop.Type, _hop.Number);
            BatchPrefetch.Read(bound, _member, _resource.Number, new ObjectKey(_subject.Type, _subject.Number), hop, step);
        }
    }

    private struct Name
    {
        private NameTable? _table;
        private ulong _hash;

        public TypeId Type { get; private init; }
        public uint Number { get; private set; }
        public readonly bool IsKnown => _table is not null;

        [SkipLocalsInit]
        public static Name Seek(BoundSchema bound, ObjectRef name)
        {
            Span<byte> room = stackalloc byte[NameTable.MaxBytes];
            if (bound.Schema.FindType(name.Type) is not { } type) return default;
            NameTable table = bound[type.Id];
            return new Name { _table = table, _hash = table.Seek(name.Id, ref room), Type = type.Id };
        }

        public void FindNumber() => Number = _table is null || _hash == 0 ? 0 : _table.FindUnread(_hash);

        public readonly void PrefetchText()
        {
            if (Number != 0) _table?.PrefetchText(Number);
        }
    }
}
