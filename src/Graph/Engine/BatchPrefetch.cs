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
        for (int i = 0; i < questions.Length; i++) _items[i].Guess();
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
        private SoughtName _resource, _subject, _hop;
        private MemberId _member;

        public static Sought Of(BoundSchema bound, in CheckQuestion question)
        {
            var sought = new Sought { _resource = Seek(bound, question.Resource), _subject = Seek(bound, question.Subject.Object) };
            if (question.Acting.Delegation is { } delegation) sought._hop = Seek(bound, delegation);
            if (sought._resource.Type is { } type && bound.Schema.FindMember(type.Id, question.Permission) is { } member) sought._member = member.Id;
            else sought._resource = default;
            return sought;
        }

        public void Guess()
        {
            _resource.Guess();
            _subject.Guess();
            _hop.Guess();
        }

        public readonly void Read(BoundSchema bound, int step)
        {
            if (step == 0)
            {
                _resource.Fetch();
                _subject.Fetch();
                _hop.Fetch();
            }
            if (_resource.Likely != 0 && LikelyKey(_subject) is { } subject) BatchPrefetch.Read(bound, _member, _resource.Likely, subject, LikelyKey(_hop), step);
        }

        private static ObjectKey? LikelyKey(in SoughtName name) => name is { Type: { } type, Likely: not 0 and var number } ? new ObjectKey(type.Id, number) : null;

        [SkipLocalsInit]
        private static SoughtName Seek(BoundSchema bound, ObjectRef name)
        {
            Span<byte> room = stackalloc byte[NameTable.MaxBytes];
            return SoughtName.Seek(bound, name, ref room);
        }
    }
}
